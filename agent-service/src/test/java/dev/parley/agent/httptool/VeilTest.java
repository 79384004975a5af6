package dev.parley.agent.httptool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VeilTest {
    private static final Veil VEIL = new Veil("https://shop.example.com:8443/hook/a?key=1", "Bearer s/cret-42");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Bearer s/cret-42 of us|[hidden] of us",
                "it is s/cret-42.|it is [hidden].",
                "https://shop.example.com:8443/hook/a?key=1|[hidden]",
                "go to shop.example.com/hook/a or shop.example.com:8443/hook/a|go to [hidden] or [hidden]",
                "{\"a\": \"Bearer s\\/cret-42\"}|{\"a\":\"[hidden]\"}",
                "{\"a\":[{\"s\\u002fcret-42\":\"\\u0062\"}]}|{\"a\":[{\"[hidden]\":\"b\"}]}",
                "{\"a\":\"s/cr\\u0000et-42\"}|{\"a\":\"[hidden]\"}",
                "{\"a\":\"https:\\/\\/shop.example.com:8443\\/hook\\/a?key=1\"}|{\"a\":\"[hidden]\"}",
                "{\"left\":12.50,\"of\":123456789012345678901234567890,\"none\":null}|"
                        + "{\"left\":12.50,\"of\":123456789012345678901234567890,\"none\":null}",
                "\"s\\/cret-42\"|\"[hidden]\"",
                "{\"a\":1} and more|{\"a\":1} and more",
                "see shop.example.com|see shop.example.com"
            })
    void theAddressAndTheSecretAreHidden(String answer, String told) {
        assertThat(VEIL.over(answer)).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({"a word of a text", "https://shop.example.com/orders/1"})
    void wordsThatAnswersHaveAnywayStay(String answer) {
        assertThat(new Veil("https://shop.example.com", "my own a").over(answer))
                .isEqualTo(answer.replace("https://shop.example.com", "[hidden]"));
    }
}
