package dev.parley.channel.adapter.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.SendOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TelegramOutcomeTest {
    @Test
    void acceptedIsSent() throws Exception {
        assertThat(outcome(200, "{\"ok\":true,\"result\":{\"message_id\":99}}")).isEqualTo(new SendOutcome.Sent("99"));
    }

    @Test
    void tooManyRequestsWaitsAsTold() throws Exception {
        assertThat(outcome(429, "{\"ok\":false,\"description\":\"slow\",\"parameters\":{\"retry_after\":17}}"))
                .isEqualTo(new SendOutcome.Later(Duration.ofSeconds(17), "429 slow", SendOutcome.Scope.ACCOUNT));
        assertThat(outcome(429, "{}"))
                .isEqualTo(new SendOutcome.Later(
                        Duration.ofSeconds(1), "429 without a description", SendOutcome.Scope.ACCOUNT));
    }

    @Test
    void aGroupThatHasEnoughRestsAlone() throws Exception {
        assertThat(outcome(429, "{\"description\":\"slow\",\"parameters\":{\"retry_after\":17}}", "-1001"))
                .isEqualTo(new SendOutcome.Later(Duration.ofSeconds(17), "429 slow", SendOutcome.Scope.RECIPIENT));
    }

    @Test
    void anAbsurdTimeIsNotBelieved() throws Exception {
        assertThat(outcome(429, "{\"description\":\"slow\",\"parameters\":{\"retry_after\":9223372036854775807}}"))
                .isEqualTo(new SendOutcome.Later(Duration.ofMinutes(10), "429 slow", SendOutcome.Scope.ACCOUNT));
    }

    @Test
    void whoBlockedTheBotWantsNothingMore() throws Exception {
        assertThat(outcome(403, "{\"ok\":false,\"description\":\"Forbidden: bot was blocked by the user\"}"))
                .isEqualTo(new SendOutcome.Refused(
                        SendOutcome.Refusal.OPTED_OUT, "403 Forbidden: bot was blocked by the user"));
        assertThat(outcome(403, "{\"ok\":false,\"description\":\"Forbidden: bot was kicked from the group chat\"}"))
                .isEqualTo(new SendOutcome.Refused("403 Forbidden: bot was kicked from the group chat"));
    }

    @Test
    void aGroupThatMovedHasANewAddress() throws Exception {
        assertThat(outcome(400, "{\"ok\":false,\"parameters\":{\"migrate_to_chat_id\":-1001}}"))
                .isEqualTo(new SendOutcome.Moved("-1001"));
    }

    @Test
    void anErrorOfTheServerMayComeAfterTheMessage() throws Exception {
        assertThat(outcome(500, "{\"ok\":false,\"description\":\"oops\"}"))
                .isEqualTo(new SendOutcome.Ambiguous("500 oops"));
        assertThat(outcome(502, "{}")).isInstanceOf(SendOutcome.Ambiguous.class);
        assertThat(outcome(200, "{}")).isInstanceOf(SendOutcome.Ambiguous.class);
    }

    private static SendOutcome outcome(int status, String body) throws Exception {
        return outcome(status, body, "1001");
    }

    private static SendOutcome outcome(int status, String body, String chat) throws Exception {
        return TelegramApi.outcome(status, new ObjectMapper().readTree(body), chat);
    }
}
