package dev.parley.channel.adapter.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.InboundEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelegramUpdatesTest {
    private final TelegramUpdates updates = new TelegramUpdates(new ObjectMapper());

    @Test
    void aTextMessageCarriesThreadSenderTextTimeAndOrder() {
        InboundEvent event = parse("""
                {"update_id":10000,"message":{"message_id":42,"date":1700000000,"text":"Hi",
                 "chat":{"id":-100123,"type":"supergroup"},
                 "from":{"id":7,"is_bot":false,"first_name":"Ana","last_name":"Sol","username":"ana","language_code":"pt-br"}}}
                """);

        assertThat(event)
                .isEqualTo(new InboundEvent(
                        "10000",
                        "message",
                        new InboundEvent.InboundMessage(
                                "-100123",
                                new InboundEvent.Sender("7", "Ana Sol", "ana", "pt-br"),
                                "Hi",
                                Instant.ofEpochSecond(1700000000),
                                42)));
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
        InboundEvent event = parse("{\"update_id\":1,\"message\":{\"message_id\":1,\"chat\":{\"id\":1},"
                + "\"from\":{\"id\":1,\"is_bot\":false}," + member.strip() + "}}");

        assertThat(event.message().text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"update_id\":1}",
                "{\"update_id\":1,\"edited_message\":{\"text\":\"x\",\"chat\":{\"id\":1},\"from\":{\"id\":1}}}",
                "{\"update_id\":1,\"message\":{\"chat\":{\"id\":1},\"from\":{\"id\":1},\"new_chat_title\":\"x\"}}",
                "{\"update_id\":1,\"message\":{\"text\":\"x\",\"chat\":{\"id\":1},\"from\":{\"id\":1,\"is_bot\":true}}}",
                "{\"update_id\":1,\"message\":{\"text\":\"  \",\"chat\":{\"id\":1},\"from\":{\"id\":1}}}",
                "{\"update_id\":1,\"message\":{\"text\":\"x\",\"chat\":{\"id\":1}}}",
                "{\"update_id\":1,\"message\":[]}",
            })
    void whatNobodyAnswersHasNoMessage(String body) {
        assertThat(parse(body).message()).isNull();
        assertThat(parse(body).id()).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"update_id\":\"x\"}", "{\"message\":{}}"})
    void whatIsNoUpdateIsRefused(String body) {
        assertThatThrownBy(() -> parse(body)).isInstanceOf(IllegalArgumentException.class);
    }

    private InboundEvent parse(String body) {
        return updates.parse(body.getBytes(StandardCharsets.UTF_8));
    }
}
