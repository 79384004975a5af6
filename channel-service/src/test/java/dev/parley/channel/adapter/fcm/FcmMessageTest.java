package dev.parley.channel.adapter.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.PushNotice;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FcmMessageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID CONVERSATION = UUID.fromString("019f0000-0000-7000-8000-000000000001");
    private static final UUID MESSAGE = UUID.fromString("019f0000-0000-7000-8000-000000000002");

    @Test
    void aNoticeIsShownOnEachKindOfDeviceInThePlaceOfTheOneBefore() {
        byte[] written = FcmMessage.written(
                new PushNotice("token", CONVERSATION, MESSAGE, "Shop", "Hello ✓", Duration.ofHours(1)),
                Instant.ofEpochSecond(1_000),
                JSON);

        assertThat(new String(written, StandardCharsets.UTF_8)).isEqualTo("""
                {"message":{"token":"token","notification":{"title":"Shop","body":"Hello ✓"},\
                "data":{"conversation_id":"019f0000-0000-7000-8000-000000000001",\
                "message_id":"019f0000-0000-7000-8000-000000000002"},\
                "android":{"collapse_key":"019f0000-0000-7000-8000-000000000001","priority":"HIGH","ttl":"3600s",\
                "notification":{"tag":"019f0000-0000-7000-8000-000000000001"}},\
                "apns":{"headers":{"apns-collapse-id":"019f0000-0000-7000-8000-000000000001","apns-priority":"10",\
                "apns-expiration":"4600"},\
                "payload":{"aps":{"thread-id":"019f0000-0000-7000-8000-000000000001","sound":"default"}}},\
                "webpush":{"headers":{"TTL":"3600","Topic":"019f0000000070008000000000000001"},\
                "notification":{"tag":"019f0000-0000-7000-8000-000000000001"}}}}""");
    }

    @Test
    void theLongestNoticeIsShorterThanFirebaseTakes() {
        byte[] written = FcmMessage.written(
                new PushNotice(
                        "t".repeat(1024),
                        CONVERSATION,
                        MESSAGE,
                        "🙂".repeat(60),
                        "\\\"".repeat(80) + "🙂".repeat(160),
                        Duration.ofDays(28)),
                Instant.parse("2100-01-01T00:00:00Z"),
                JSON);

        assertThat(written).hasSizeLessThan(4096);
    }
}
