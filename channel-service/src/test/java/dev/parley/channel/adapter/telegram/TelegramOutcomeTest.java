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
                .isEqualTo(SendOutcome.Later.ofAccount(Duration.ofSeconds(17), "429 slow"));
        assertThat(outcome(429, "{}"))
                .isEqualTo(SendOutcome.Later.ofAccount(Duration.ofSeconds(1), "429 without a description"));
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
        return TelegramApi.outcome(status, new ObjectMapper().readTree(body));
    }
}
