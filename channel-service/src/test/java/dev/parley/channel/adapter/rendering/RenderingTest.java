package dev.parley.channel.adapter.rendering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.adapter.Button;
import dev.parley.channel.adapter.ButtonRules;
import dev.parley.channel.adapter.OutboundMedia;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.adapter.rendering.Rendering.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenderingTest {
    private static final Limits RICH = new Limits(24, 24, 10, new ButtonRules(2, 6, 4));
    private static final List<Button> TWO = List.of(new Button("y", "Yes"), new Button("n", "No"));

    @Test
    void buttonsStandUnderTheLastWords() {
        assertThat(Rendering.parts(
                        new OutboundReply("A long sentence. And more.", TWO, List.of(), null), RICH, Form.WORDS))
                .containsExactly(new OutboundPart.Text("A long sentence."), new OutboundPart.Text("And more.", TWO));
    }

    @Test
    void buttonsThatTheChannelCannotShowBecomeLines() {
        List<Button> three = List.of(new Button("a", "A"), new Button("b", "B"), new Button("c", "C"));
        List<Button> wide = List.of(new Button("a", "Too wide"));
        List<Button> deep = List.of(new Button("€€", "Deep"));

        assertThat(Rendering.parts(new OutboundReply("Which?", three, List.of(), null), RICH, Form.WORDS))
                .containsExactly(new OutboundPart.Text("Which?\n\n1. A\n2. B\n3. C"));
        assertThat(Rendering.parts(new OutboundReply("Which?", wide, List.of(), null), RICH, Form.WORDS))
                .containsExactly(new OutboundPart.Text("Which?\n\n1. Too wide"));
        assertThat(Rendering.parts(new OutboundReply("Which?", deep, List.of(), null), RICH, Form.WORDS))
                .containsExactly(new OutboundPart.Text("Which?\n\n1. Deep"));
        assertThat(Rendering.parts(new OutboundReply("Ok?", TWO, List.of(), null), Limits.words(100), Form.WORDS))
                .containsExactly(new OutboundPart.Text("Ok?\n\n1. Yes\n2. No"));
    }

    @Test
    void buttonsThatVendorsRefuseBecomeLines() {
        for (List<Button> refused : List.of(
                List.of(new Button("a", "Yes"), new Button("b", "Yes")),
                List.of(new Button("a", " ")),
                List.of(new Button("", "Yes")))) {
            assertThat(Rendering.parts(new OutboundReply("Ok?", refused, List.of(), null), RICH, Form.WORDS))
                    .singleElement()
                    .isInstanceOfSatisfying(OutboundPart.Text.class, text -> {
                        assertThat(text.buttons()).isEmpty();
                        assertThat(text.text()).startsWith("Ok?\n\n1.");
                    });
        }
    }

    @Test
    void buttonsWithoutWordsBecomeWords() {
        List<OutboundMedia> picture = List.of(new OutboundMedia("image", "https://x/1", null, null));

        assertThat(Rendering.parts(new OutboundReply("", TWO, picture, null), RICH, Form.WORDS))
                .containsExactly(
                        new OutboundPart.Media("image", "https://x/1", null, null),
                        new OutboundPart.Text("1. Yes\n2. No"));
    }

    @Test
    void filesComeFirstAndLongCaptionsBecomeWords() {
        List<OutboundMedia> media = List.of(
                new OutboundMedia("image", "https://x/1", null, "Short"),
                new OutboundMedia("document", "https://x/2", "a.pdf", "Longer than ten"));

        assertThat(Rendering.parts(new OutboundReply("Look", List.of(), media, null), RICH, Form.WORDS))
                .containsExactly(
                        new OutboundPart.Media("image", "https://x/1", null, "Short"),
                        new OutboundPart.Media("document", "https://x/2", "a.pdf", null),
                        new OutboundPart.Text("Longer than ten\n\nLook"));
        assertThat(Rendering.parts(new OutboundReply("Look", List.of(), media, null), Limits.words(100), Form.WORDS))
                .containsExactly(new OutboundPart.Text("Short\nhttps://x/1\n\nLonger than ten\nhttps://x/2\n\nLook"));
    }

    @Test
    void aTemplateStandsAlone() {
        var template = new OutboundPart.Template("hello", "en", List.of("Ana"));

        assertThat(Rendering.parts(new OutboundReply("ignored", TWO, List.of(), template), RICH, Form.WORDS))
                .containsExactly(template);
    }

    @Test
    void nothingIsSentForNothing() {
        assertThat(Rendering.parts(OutboundReply.of(" \n "), RICH, Form.WORDS)).isEmpty();
    }
}
