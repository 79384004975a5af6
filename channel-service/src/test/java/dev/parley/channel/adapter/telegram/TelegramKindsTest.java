package dev.parley.channel.adapter.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.MediaReference;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of message and of update that the Bot API names, and some that it does not. */
class TelegramKindsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TelegramUpdates updates = new TelegramUpdates(JSON, Clock.systemUTC());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                text|"Hi"|Hi|
                photo|[{"file_id":"s"},{"file_id":"f"}]|[photo]|image
                photo|[]|[photo]|
                animation|{"file_id":"f"}|[animation]|video
                audio|{"file_id":"f","performer":"Bo"}|[audio]|audio
                document|{"file_id":"f","file_name":"a.pdf"}|[document]|document
                sticker|{"file_id":"f","emoji":"👋"}|[sticker 👋]|sticker
                sticker|{"file_id":"f"}|[sticker]|sticker
                video|{"file_id":"f"}|[video]|video
                video_note|{"file_id":"f"}|[video note]|video
                voice|{"file_id":"f"}|[voice]|voice
                contact|{"phone_number":"+1","first_name":"Bo"}|[contact]|
                dice|{"emoji":"🎲","value":3}|[dice 🎲]|
                poll|{"id":"1","question":"?"}|[poll]|
                venue|{"location":{"latitude":1},"title":"Café"}|[venue]|
                location|{"latitude":1.5,"longitude":2}|[location]|
                voice|7|[voice]|
                document|{"file_id":null}|[document]|
                """)
    void whatAPersonSaysBecomesWordsAndItsFile(String kind, String content, String text, String file) {
        assertThat(message(kind, content)).isInstanceOfSatisfying(InboundEvent.Message.class, event -> {
            assertThat(event.message().text()).isEqualTo(text);
            assertThat(event.message().media())
                    .extracting(MediaReference::kind, MediaReference::providerId)
                    .isEqualTo(file == null ? List.of() : List.of(tuple(file, "f")));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new_chat_members",
                "left_chat_member",
                "chat_owner_left",
                "chat_owner_changed",
                "new_chat_title",
                "new_chat_photo",
                "delete_chat_photo",
                "group_chat_created",
                "supergroup_chat_created",
                "channel_chat_created",
                "message_auto_delete_timer_changed",
                "pinned_message",
                "invoice",
                "successful_payment",
                "refunded_payment",
                "users_shared",
                "chat_shared",
                "gift",
                "unique_gift",
                "gift_upgrade_sent",
                "connected_website",
                "write_access_allowed",
                "passport_data",
                "proximity_alert_triggered",
                "boost_added",
                "chat_background_set",
                "checklist",
                "checklist_tasks_done",
                "checklist_tasks_added",
                "direct_message_price_changed",
                "forum_topic_created",
                "forum_topic_edited",
                "forum_topic_closed",
                "forum_topic_reopened",
                "general_forum_topic_hidden",
                "general_forum_topic_unhidden",
                "giveaway_created",
                "giveaway",
                "giveaway_winners",
                "giveaway_completed",
                "paid_message_price_changed",
                "suggested_post_approved",
                "suggested_post_approval_failed",
                "suggested_post_declined",
                "suggested_post_paid",
                "suggested_post_refunded",
                "video_chat_scheduled",
                "video_chat_started",
                "video_chat_ended",
                "video_chat_participants_invited",
                "web_app_data",
                "story",
                "game",
                "paid_media",
                "hologram",
                ""
            })
    void whatIsNoUtteranceIsKeptUnderItsId(String kind) {
        for (String content : List.of("{\"x\":1}", "[]", "null", "true", "\"x\"")) {
            assertThat(message(kind, content)).isInstanceOfSatisfying(InboundEvent.Other.class, other -> {
                assertThat(other.id()).isEqualTo("9");
                assertThat(other.kind()).isEqualTo("message");
                assertThat(other.raw()).contains("\"" + kind + "\":" + content);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "channel_post",
                "edited_channel_post",
                "business_connection",
                "business_message",
                "edited_business_message",
                "deleted_business_messages",
                "message_reaction",
                "message_reaction_count",
                "inline_query",
                "chosen_inline_result",
                "shipping_query",
                "pre_checkout_query",
                "purchased_paid_media",
                "poll",
                "poll_answer",
                "my_chat_member",
                "chat_member",
                "chat_join_request",
                "chat_boost",
                "removed_chat_boost",
                "telepathy"
            })
    void anUpdateThatNobodyAnswersIsKeptUnderItsKind(String kind) {
        String said = "{\"message_id\":1,\"text\":\"Hi\",\"chat\":{\"id\":1},\"from\":{\"id\":1}}";
        for (String content : List.of(said, "{}", "[1]", "null", "7")) {
            String body = "{\"update_id\":9,\"" + kind + "\":" + content + "}";

            assertThat(parse(body)).isEqualTo(new InboundEvent.Other("9", kind, body));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"مرحبا كيف حالك", "\u202Eevil", "😀😀👩‍👩‍👧‍👦", "a\u0001b\u0007c\u0000d", "x", "\uD800"})
    void unusualWordsComeThroughAsTheyAre(String text) throws Exception {
        assertThat(words(JSON.writeValueAsString(text).replace("\uD800", "\\ud800")))
                .isEqualTo(text);
        assertThat(words(JSON.writeValueAsString(text.repeat(100_000)).replace("\uD800", "\\ud800")))
                .hasSize(text.length() * 100_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\\n\\t", "\\u2003"})
    void aTextThatSaysNothingIsNoMessage(String text) {
        assertThat(message("text", "\"" + text + "\"")).isInstanceOf(InboundEvent.Other.class);
    }

    /** Jackson takes a thousand levels; what is deeper is no update, and ends no thread. */
    @Test
    void aBottomlessUpdateIsRefused() {
        String body = "{\"update_id\":9,\"message\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThatThrownBy(() -> parse(body)).isInstanceOf(IllegalArgumentException.class);
    }

    private String words(String json) {
        return ((InboundEvent.Message) message("text", json)).message().text();
    }

    private InboundEvent message(String kind, String content) {
        ObjectNode message = JSON.createObjectNode().put("message_id", 1).put("date", 1);
        message.putObject("chat").put("id", 1);
        message.putObject("from").put("id", 1);
        String known = message.toString();
        return parse("{\"update_id\":9,\"message\":" + known.substring(0, known.length() - 1) + ",\"" + kind + "\":"
                + content + "}}");
    }

    private InboundEvent parse(String body) {
        return updates.parse(body.getBytes(StandardCharsets.UTF_8));
    }
}
