package dev.parley.channel.adapter.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.DeliveryStatus;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.SendOutcome.Refusal;
import dev.parley.channel.adapter.Sender;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WhatsAppNotificationsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1795255200);
    private static final String NUMBER = "106540352242922";
    private final WhatsAppNotifications notifications =
            new WhatsAppNotifications(new ObjectMapper(), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aTextCarriesSenderTimeAndWords() {
        assertThat(messages("""
                {"from":"16505551234","id":"wamid.A","timestamp":"1749416383","type":"text","text":{"body":"Hi ✓"}}
                """))
                .containsExactly(new InboundEvent.Message(
                        "wamid.A",
                        "text",
                        new InboundMessage(
                                "16505551234",
                                new Sender("16505551234", "Sheena", null, null, "+16505551234"),
                                "Hi ✓",
                                Instant.ofEpochSecond(1749416383),
                                0,
                                List.of(),
                                null)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                image|{"id":"5","mime_type":"image/jpeg","caption":"my cat"}|[image] my cat|image
                image|{"id":"5"}|[image]|image
                video|{"id":"5","caption":""}|[video]|video
                audio|{"id":"5","voice":true,"mime_type":"audio/ogg; codecs=opus"}|[voice]|voice
                audio|{"id":"5","voice":false}|[audio]|audio
                document|{"id":"5","filename":"a.pdf","caption":"the bill"}|[document] the bill|document
                sticker|{"id":"5","animated":true}|[sticker]|sticker
                location|{"latitude":12.5,"longitude":-77.25,"name":"Home"}|[location] Home 12.5, -77.25|
                location|{}|[location]|
                contacts|[{"name":{"formatted_name":"Bo"},"phones":[{"phone":"+1 2"}]},{"name":{}}]|[contact] Bo +1 2, somebody|
                button|{"payload":"p","text":"Yes"}|Yes|
                interactive|{"type":"button_reply","button_reply":{"id":"b1","title":"Track it"}}|Track it|
                interactive|{"type":"list_reply","list_reply":{"id":"l1","title":"Large","description":"d"}}|Large|
                interactive|{"type":"nfm_reply","nfm_reply":{"response_json":"{a}","body":"Sent"}}|[form] {a}|
                order|{"catalog_id":"c","text":"fast please","product_items":[{"product_retailer_id":"sku","quantity":2,"item_price":9.5,"currency":"INR"}]}|[order] 2 × sku at 9.5 INR fast please|
                unsupported|{"type":"poll"}|[something that WhatsApp does not pass on]|
                """)
    void everyTypeBecomesWordsAndItsFile(String type, String content, String text, String file) {
        InboundEvent event = messages(
                        "{\"from\":\"1\",\"id\":\"wamid.A\",\"timestamp\":\"1\",\"type\":\"%s\",\"%s\":%s}"
                                .formatted(type, type, content))
                .getFirst();

        assertThat(event).isInstanceOfSatisfying(InboundEvent.Message.class, message -> {
            assertThat(message.message().text()).isEqualTo(text);
            assertThat(message.message().media())
                    .extracting(MediaReference::kind)
                    .isEqualTo(file == null ? List.of() : List.of(file));
            assertThat(message.message().media())
                    .extracting(MediaReference::providerId)
                    .isEqualTo(file == null ? List.of() : List.of("5"));
        });
    }

    @Test
    void pressedButtonsBringTheirPayload() {
        assertThat(messages("""
                {"from":"1","id":"a","type":"button","button":{"payload":"order:7","text":"Where?"}},
                {"from":"1","id":"b","type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"x","title":"X"}}},
                {"from":"1","id":"c","type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"y","title":"Y"}}},
                {"from":"1","id":"d","type":"text","text":{"body":"Z"}}
                """))
                .extracting(event -> ((InboundEvent.Message) event).message().buttonPayload())
                .containsExactly("order:7", "x", "y", null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"from\":\"1\",\"id\":\"a\",\"type\":\"reaction\",\"reaction\":{\"message_id\":\"x\",\"emoji\":\"😀\"}}",
                "{\"from\":\"1\",\"id\":\"a\",\"type\":\"system\",\"system\":{\"type\":\"user_changed_number\"}}",
                "{\"from\":\"1\",\"id\":\"a\",\"type\":\"system\",\"system\":{\"type\":\"user_identity_changed\",\"wa_id\":\"2\"}}",
                "{\"from\":\"1\",\"id\":\"a\",\"type\":\"request_welcome\"}",
                "{\"from\":\"1\",\"id\":\"a\",\"type\":\"hologram\",\"hologram\":{\"x\":1}}",
                "{\"from\":\"1\",\"id\":\"a\",\"type\":\"text\",\"text\":{\"body\":\" \\n\\t \"}}",
                "{\"from\":\"1\",\"id\":\"a\",\"type\":\"text\"}",
                "{\"from\":\"1\",\"id\":\"a\",\"type\":\"interactive\",\"interactive\":{\"type\":\"other\"}}",
                "{\"from\":\"1\",\"id\":\"a\"}",
                "{\"id\":\"a\",\"type\":\"text\",\"text\":{\"body\":\"from nobody\"}}",
            })
    void whatNobodyAnswersIsKeptUnderItsId(String message) {
        assertThat(messages(message))
                .singleElement()
                .isInstanceOfSatisfying(InboundEvent.Other.class, other -> assertThat(other.id())
                        .isEqualTo("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"مرحبا كيف حالك", "😀😀👩‍👩‍👧‍👦", "a\u0001b\u0007c", "\u202Eevil", "x"})
    void unusualWordsComeThroughAsTheyAre(String text) throws Exception {
        String written = new ObjectMapper().writeValueAsString(text);

        assertThat(messages("{\"from\":\"1\",\"id\":\"a\",\"type\":\"text\",\"text\":{\"body\":" + written + "}}"))
                .extracting(event -> ((InboundEvent.Message) event).message().text())
                .containsExactly(text);
    }

    @Test
    void everyPartOfABatchIsRead() {
        String value = value("\"messages\":[" + text("a", "one") + "," + text("b", "two") + "],\"statuses\":["
                + status("c", "sent", "") + "],\"errors\":[{\"code\":131000}]");
        List<InboundEvent> events =
                parse("{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":["
                        + change(value) + "," + change(value("\"messages\":[" + text("d", "three") + "]"))
                        + "]},{\"changes\":[" + change(value("\"statuses\":[" + status("c", "read", "") + "]"))
                        + "]}]}");

        assertThat(events)
                .extracting(InboundEvent::kind)
                .containsExactly("text", "text", "status-sent", "error", "text", "status-read");
        assertThat(events).extracting(InboundEvent::id).doesNotHaveDuplicates();
        assertThat(events)
                .filteredOn(InboundEvent.Message.class::isInstance)
                .extracting(event -> ((InboundEvent.Message) event).message().order())
                .isSorted();
    }

    @ParameterizedTest
    @CsvSource({"sent, SENT", "delivered, DELIVERED", "read, READ", "played, READ", "failed, FAILED"})
    void statusesSayHowFarAMessageCame(String word, DeliveryStatus reached) {
        UUID reference = UUID.randomUUID();
        String errors = word.equals("failed")
                ? ",\"errors\":[{\"code\":131047,\"title\":\"Re-engagement message\",\"error_data\":{\"details\":\"too late\"}}]"
                : "";

        assertThat(statuses(status("wamid.B", word, ",\"biz_opaque_callback_data\":\"" + reference + "\"" + errors)))
                .containsExactly(new InboundEvent.Status(
                        "wamid.B:" + word,
                        "status-" + word,
                        "wamid.B",
                        reached,
                        Instant.ofEpochSecond(1749416400),
                        word.equals("failed") ? "131047 Re-engagement message: too late" : null,
                        reference,
                        word.equals("failed") ? Refusal.WINDOW_CLOSED : Refusal.OTHER));
    }

    @Test
    void unknownStatusesAndForeignReferencesDoNoHarm() {
        assertThat(statuses(status("wamid.B", "deleted", "")))
                .containsExactly(
                        new InboundEvent.Other("wamid.B:deleted", "status-deleted", status("wamid.B", "deleted", "")));
        assertThat(statuses(status("wamid.B", "sent", ",\"biz_opaque_callback_data\":\"campaign-7\"")))
                .extracting(event -> ((InboundEvent.Status) event).reference())
                .containsExactly((UUID) null);
    }

    @Test
    void whatIsForAnotherNumberOrAnotherFieldIsOnlyKept() {
        String other = change(value("\"messages\":[" + text("a", "one") + "]").replace(NUMBER, "999"));
        String field = "{\"field\":\"account_update\",\"value\":{\"event\":\"VERIFIED_ACCOUNT\"}}";

        assertThat(parse("{\"entry\":[{\"changes\":[" + other + "," + field + "]}]}"))
                .satisfiesExactly(
                        first -> {
                            assertThat(((InboundEvent.Elsewhere) first).account())
                                    .isEqualTo("999");
                            assertThat(((InboundEvent.Elsewhere) first).raw()).contains("\"one\"");
                        },
                        second -> {
                            assertThat(second.kind()).isEqualTo("account_update");
                            assertThat(((InboundEvent.Other) second).raw()).isEqualTo(field);
                        });
    }

    @Test
    void aChangedNumberMovesTheThread() {
        String told =
                "{\"from\":\"1\",\"id\":\"a\",\"type\":\"system\",\"system\":{\"body\":\"x\",\"%s\":\"2\",\"type\":\"%s\"}}";

        assertThat(messages(told.formatted("wa_id", "user_changed_number")))
                .containsExactly(new InboundEvent.Move("a", "system", "1", "2"));
        assertThat(messages(told.formatted("new_wa_id", "customer_changed_number")))
                .containsExactly(new InboundEvent.Move("a", "system", "1", "2"));
    }

    @Test
    void theSameBytesAreTheSameEvents() {
        String field = "{\"entry\":[{\"changes\":[{\"field\":\"account_update\",\"value\":{\"event\":\"%s\"}}]}]}";

        assertThat(parse(field.formatted("A"))).isEqualTo(parse(field.formatted("A")));
        assertThat(parse(field.formatted("A"))).isNotEqualTo(parse(field.formatted("B")));
        assertThat(parse("{\"entry\":[]}")).extracting(InboundEvent::kind).containsExactly("empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "", "soon", "0", "99999999999999", "1749416383000", "1795255501"})
    void whatCannotBeTheTimeIsNow(String written) {
        assertThat(sentAt(written)).isEqualTo(NOW);
    }

    @Test
    void aClockThatIsALittleBeforeOursIsBelieved() {
        assertThat(sentAt("1795255500")).isEqualTo(NOW.plusSeconds(300));
        assertThat(sentAt("1749416383")).isEqualTo(Instant.ofEpochSecond(1749416383));
    }

    private Instant sentAt(String written) {
        return ((InboundEvent.Message) messages("{\"from\":\"1\",\"id\":\"a\",\"timestamp\":\"" + written
                                + "\",\"type\":\"text\",\"text\":{\"body\":\"x\"}}")
                        .getFirst())
                .message()
                .sentAt();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "\"x\"", "{\"entry\":{}}", "{\"object\":\"page\"}"})
    void whatIsNoNotificationIsRefused(String body) {
        assertThatThrownBy(() -> parse(body)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBottomlessBodyIsRefused() {
        assertThatThrownBy(() -> parse("[".repeat(100_000))).isInstanceOf(IllegalArgumentException.class);
    }

    private static String text(String id, String body) {
        return "{\"from\":\"16505551234\",\"id\":\"%s\",\"timestamp\":\"1\",\"type\":\"text\",\"text\":{\"body\":\"%s\"}}"
                .formatted(id, body);
    }

    private static String status(String id, String status, String more) {
        return "{\"id\":\"%s\",\"status\":\"%s\",\"timestamp\":\"1749416400\",\"recipient_id\":\"1\"%s}"
                .formatted(id, status, more);
    }

    private List<InboundEvent> messages(String messages) {
        return parse("{\"entry\":[{\"changes\":[" + change(value("\"messages\":[" + messages + "]")) + "]}]}");
    }

    private List<InboundEvent> statuses(String statuses) {
        return parse("{\"entry\":[{\"changes\":[" + change(value("\"statuses\":[" + statuses + "]")) + "]}]}");
    }

    private static String change(String value) {
        return "{\"field\":\"messages\",\"value\":" + value + "}";
    }

    private static String value(String members) {
        return "{\"messaging_product\":\"whatsapp\",\"metadata\":{\"phone_number_id\":\"" + NUMBER
                + "\"},\"contacts\":[{\"wa_id\":\"16505551234\",\"profile\":{\"name\":\"Sheena\"}}]," + members + "}";
    }

    private List<InboundEvent> parse(String body) {
        return notifications.parse(body.getBytes(StandardCharsets.UTF_8), NUMBER);
    }
}
