package dev.parley.channel.adapter.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.AdapterSettings;
import dev.parley.channel.adapter.Button;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.adapter.Outgoing;
import dev.parley.platform.tenancy.TenantId;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WhatsAppBodyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID REFERENCE = UUID.fromString("0195c3f0-0000-7000-8000-000000000001");
    private static final String START =
            "{\"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\",\"to\":\"1\","
                    + "\"biz_opaque_callback_data\":\"" + REFERENCE + "\",";

    private final WhatsAppAdapter adapter =
            new WhatsAppAdapter(null, AdapterSettings.of(WhatsAppConfig.class), JSON, Clock.systemUTC());

    @Test
    void wordsArePlain() throws Exception {
        assertThat(body(new OutboundPart.Text("Hi https://x")))
                .isEqualTo(tree("\"type\":\"text\",\"text\":{\"body\":\"Hi https://x\",\"preview_url\":false}}"));
    }

    @Test
    void buttonsAreReplies() throws Exception {
        assertThat(body(new OutboundPart.Text("Which?", List.of(new Button("a:1", "One"), new Button("a:2", "Two")))))
                .isEqualTo(tree("""
                        "type":"interactive","interactive":{"type":"button","body":{"text":"Which?"},"action":{"buttons":[
                         {"type":"reply","reply":{"id":"a:1","title":"One"}},
                         {"type":"reply","reply":{"id":"a:2","title":"Two"}}]}}}
                        """));
    }

    @Test
    void filesAreLinks() throws Exception {
        assertThat(body(new OutboundPart.Media("document", "https://x/1", "a.pdf", "The bill")))
                .isEqualTo(
                        tree(
                                "\"type\":\"document\",\"document\":{\"link\":\"https://x/1\",\"caption\":\"The bill\",\"filename\":\"a.pdf\"}}"));
        assertThat(body(new OutboundPart.Media("voice", "https://x/2", null, null)))
                .isEqualTo(tree("\"type\":\"audio\",\"audio\":{\"link\":\"https://x/2\"}}"));
    }

    @Test
    void templatesHaveTheirParametersInOrder() throws Exception {
        assertThat(body(new OutboundPart.Template("hello", "en_US", List.of("Ana", "7"))))
                .isEqualTo(tree("""
                        "type":"template","template":{"name":"hello","language":{"code":"en_US"},"components":[
                         {"type":"body","parameters":[{"type":"text","text":"Ana"},{"type":"text","text":"7"}]}]}}
                        """));
        assertThat(body(new OutboundPart.Template("bye", "de", List.of())))
                .isEqualTo(
                        tree("\"type\":\"template\",\"template\":{\"name\":\"bye\",\"language\":{\"code\":\"de\"}}}"));
    }

    @Test
    void longRepliesAreCutAndButtonsStandUnderAShortText() {
        assertThat(adapter.render(OutboundReply.of("word ".repeat(1700))))
                .hasSize(3)
                .allSatisfy(
                        part -> assertThat(((OutboundPart.Text) part).text()).hasSizeLessThanOrEqualTo(4096));
        List<OutboundPart> parts =
                adapter.render(new OutboundReply("word ".repeat(300), List.of(new Button("a", "A")), List.of(), null));
        assertThat(parts).hasSize(2);
        assertThat(((OutboundPart.Text) parts.getFirst()).buttons()).isEmpty();
        assertThat(((OutboundPart.Text) parts.getLast()).buttons()).hasSize(1);
        assertThat(((OutboundPart.Text) parts.getLast()).text()).hasSizeLessThanOrEqualTo(1024);
    }

    private static JsonNode body(OutboundPart part) throws Exception {
        return JSON.readTree(new WhatsAppBody(JSON)
                .of(new Outgoing(new TenantId(REFERENCE), REFERENCE, "1", part, "https://x"))
                .toString());
    }

    private static JsonNode tree(String rest) throws Exception {
        return JSON.readTree(START + rest);
    }
}
