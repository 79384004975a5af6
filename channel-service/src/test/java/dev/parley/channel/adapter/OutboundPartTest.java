package dev.parley.channel.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboundPartTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatWasStoredBeforeThereWereMarksIsRead() throws Exception {
        assertThat(JSON.readValue(
                        "{\"type\":\"text\",\"text\":\"Hi\",\"buttons\":[{\"payload\":\"a\",\"title\":\"A\"}]}",
                        OutboundPart.class))
                .isEqualTo(new OutboundPart.Text("Hi", List.of(new Button("a", "A"))));
    }

    @Test
    void marksAreStoredWithTheirText() throws Exception {
        OutboundPart marked = new OutboundPart.Text(
                "Hi you",
                List.of(),
                List.of(new Mark(Mark.Kind.BOLD, 0, 2, null), new Mark(Mark.Kind.LINK, 3, 3, "https://x.example")));

        String stored = JSON.writeValueAsString(marked);

        assertThat(JSON.readValue(stored, OutboundPart.class)).isEqualTo(marked);
        assertThat(stored).isEqualTo("""
                {"type":"text","text":"Hi you","buttons":[],"marks":[{"kind":"BOLD","start":0,"length":2},\
                {"kind":"LINK","start":3,"length":3,"detail":"https://x.example"}]}\
                """);
        assertThat(JSON.writeValueAsString(new OutboundPart.Text("Hi")))
                .as("as it always was")
                .isEqualTo("{\"type\":\"text\",\"text\":\"Hi\",\"buttons\":[]}");
    }
}
