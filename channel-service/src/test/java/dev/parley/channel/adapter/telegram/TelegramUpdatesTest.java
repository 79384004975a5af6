package dev.parley.channel.adapter.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.Sender;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelegramUpdatesTest {
    private final TelegramUpdates updates = new TelegramUpdates(
            new ObjectMapper(), Clock.fixed(Instant.parse("2026-11-21T10:00:00.5Z"), ZoneOffset.UTC));

    @Test
    void aTextMessageCarriesThreadSenderTextTimeAndOrder() {
        InboundEvent event = parse("""
            {"update_id":10000,"message":{"message_id":42,"date":1700000000,"text":"Hi",
             "chat":{"id":-100123,"type":"supergroup"},
             "from":{"id":7,"is_bot":false,"first_name":"Ana","last_name":"Sol","username":"ana","language_code":"pt-br"}}}
            """);

        assertThat(event)
                .isEqualTo(new InboundEvent.Message(
                        "10000",
                        "message",
                        new InboundMessage(
                                "-100123",
                                new Sender("7", "Ana Sol", "ana", "pt-br", null),
                                "Hi",
                                Instant.ofEpochSecond(1700000000),
                                42,
                                List.of(),
                                null)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"photo\":[{\"file_id\":\"x\"}],\"caption\":\"my cat\" | [photo] my cat",
                "\"voice\":{\"file_id\":\"x\",\"duration\":3} | [voice]",
                "\"video_note\":{} | [video note]",
                "\"sticker\":{\"emoji\":\"😀\"} | [sticker 😀]",
                "\"location\":{\"latitude\":1} | [location]",
            })
    void mediaBecomeAMarkAndTheirCaption(String member, String text) {
        InboundMessage message = message("{\"update_id\":1,\"message\":{\"message_id\":1,\"chat\":{\"id\":1},"
                + "\"from\":{\"id\":1,\"is_bot\":false}," + member.strip() + "}}");

        assertThat(message.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"update_id\":1}",
                "{\"update_id\":1,\"edited_message\":{\"chat\":{\"id\":1},\"from\":{\"id\":1}}}",
                "{\"update_id\":1,\"callback_query\":{\"from\":{\"id\":1},\"data\":\"x\"}}",
                "{\"update_id\":1,\"message\":{\"chat\":{\"id\":1},\"from\":{\"id\":1},\"new_chat_title\":\"x\"}}",
                "{\"update_id\":1,\"message\":{\"text\":\"x\",\"chat\":{\"id\":1},\"from\":{\"id\":1,\"is_bot\":true}}}",
                "{\"update_id\":1,\"message\":{\"text\":\"  \",\"chat\":{\"id\":1},\"from\":{\"id\":1}}}",
                "{\"update_id\":1,\"message\":{\"text\":\"x\",\"chat\":{\"id\":1}}}",
                "{\"update_id\":1,\"message\":[]}",
            })
    void whatNobodyAnswersHasNoMessage(String body) {
        assertThat(parse(body)).isInstanceOfSatisfying(InboundEvent.Other.class, other -> assertThat(other.id())
                .isEqualTo("1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"update_id\":\"x\"}", "{\"message\":{}}"})
    void whatIsNoUpdateIsRefused(String body) {
        assertThatThrownBy(() -> parse(body)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void filesAreReferredToByTheLargestOfTheirForms() {
        assertThat(message("""
            {"update_id":1,"message":{"message_id":1,"chat":{"id":1},"from":{"id":1},
             "photo":[{"file_id":"small","file_size":9},{"file_id":"large","file_size":900}]}}
            """).media())
                .containsExactly(new MediaReference("image", "large", "image/jpeg", null, 900L));
        assertThat(message("""
            {"update_id":1,"message":{"message_id":1,"chat":{"id":1},"from":{"id":1},
             "animation":{"file_id":"a","mime_type":"video/mp4"},
             "document":{"file_id":"a","mime_type":"video/mp4","file_name":"cat.mp4"}}}
            """).media()).containsExactly(new MediaReference("video", "a", "video/mp4", null, null));
        assertThat(message("""
            {"update_id":1,"message":{"message_id":1,"chat":{"id":1},"from":{"id":1},
             "document":{"file_id":"d","mime_type":"application/pdf","file_name":"a.pdf","file_size":4000000000}}}
            """).media())
                .containsExactly(new MediaReference("document", "d", "application/pdf", "a.pdf", 4_000_000_000L));
    }

    @Test
    void editsAndMovesAreToldAsSuch() {
        assertThat(parse("""
                {"update_id":7,"edited_message":{"message_id":41,"date":1,"edit_date":2,"text":"Hello",
                 "chat":{"id":5},"from":{"id":5}}}
                """)).isEqualTo(new InboundEvent.Edit("7", "edited_message", "5", 41, "Hello"));
        assertThat(parse("""
                {"update_id":8,"message":{"message_id":42,"date":1,"chat":{"id":-5},"from":{"id":5},
                 "migrate_to_chat_id":-100500}}
                """)).isEqualTo(new InboundEvent.Move("8", "message", "-5", "-100500"));
        assertThat(parse("""
                {"update_id":9,"message":{"message_id":1,"date":1,"chat":{"id":-100500},"from":{"id":5},
                 "migrate_from_chat_id":-5}}
                """)).isEqualTo(new InboundEvent.Move("9", "message", "-5", "-100500"));
    }

    @Test
    void onlyGroupsMove() {
        assertThat(parse("""
                {"update_id":8,"message":{"message_id":42,"date":1,"chat":{"id":5},"from":{"id":5},
                 "migrate_to_chat_id":6}}
                """)).isInstanceOf(InboundEvent.Other.class);
        assertThat(parse("""
                {"update_id":8,"message":{"message_id":42,"date":1,"chat":{"id":-5},"from":{"id":5},
                 "migrate_to_chat_id":6}}
                """)).isInstanceOf(InboundEvent.Other.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9000000000000000000", "0", "-1", "1795255501", "\"x\""})
    void whatCannotBeTheTimeIsNow(String date) {
        assertThat(message("{\"update_id\":1,\"message\":{\"message_id\":1,\"date\":" + date
                                + ",\"text\":\"x\",\"chat\":{\"id\":1},\"from\":{\"id\":1}}}")
                        .sentAt())
                .isEqualTo(Instant.parse("2026-11-21T10:00:00.5Z"));
    }

    @Test
    void aPressedButtonSaysItsTitleAndBringsItsPayload() {
        InboundMessage pressed = message("""
            {"update_id":8,"callback_query":{"id":"1","data":"order:7","from":{"id":7,"first_name":"Ana"},
             "message":{"message_id":41,"date":1700000000,"chat":{"id":-5},"reply_markup":{"inline_keyboard":
              [[{"text":"No","callback_data":"x"}],[{"text":"Where is it?","callback_data":"order:7"}]]}}}}
            """);

        assertThat(pressed)
                .isEqualTo(new InboundMessage(
                        "-5",
                        new Sender("7", "Ana", null, null, null),
                        "Where is it?",
                        Instant.parse("2026-11-21T10:00:00Z"),
                        41,
                        List.of(),
                        "order:7"));
    }

    private InboundMessage message(String body) {
        return ((InboundEvent.Message) parse(body)).message();
    }

    private InboundEvent parse(String body) {
        return updates.parse(body.getBytes(StandardCharsets.UTF_8));
    }
}
