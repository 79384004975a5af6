package dev.parley.channel.webhookevent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.webhook.EventCatalogue;
import dev.parley.channel.webhookdelivery.Happening;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What partners are told, from the samples of the contracts. */
class PayloadsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID ID = UUID.randomUUID();
    private static final Instant TIME = Instant.parse("2026-11-21T01:30:00.271828Z");

    private final Payloads payloads = new Payloads(JSON);

    @ParameterizedTest
    @CsvSource({
        "channel.message-received.v1,message.received,message_id conversation_id operation_id channel agent direction"
                + " at",
        "channel.message-sent.v1,message.sent,message_id conversation_id operation_id channel agent direction at",
        "channel.message-failed.v1,message.failed,message_id conversation_id operation_id channel agent direction at",
        "channel.message-delivered.v1,message.delivered,message_id conversation_id operation_id channel agent"
                + " direction at",
        "channel.message-read.v1,message.read,message_id conversation_id operation_id channel agent direction at",
        "channel.conversation-taken-over.v1,conversation.taken_over,conversation_id epoch assigned_to until at",
        "channel.conversation-handed-back.v1,conversation.handed_back,conversation_id epoch reason at",
        "channel.handoff-requested.v1,conversation.handoff_requested,conversation_id operation_id channel agent reason"
                + " at",
        "channel.draft-created.v1,draft.created,draft_id conversation_id operation_id channel agent sampled expires_at"
                + " at",
        "channel.draft-decided.v1,draft.decided,draft_id conversation_id operation_id channel agent state edited"
                + " sampled decided_by at",
        "channel.autopilot-changed.v1,autopilot.changed,agent channel mode cause rate reviewed threshold changed_by"
                + " at",
        "agent.conversation-looping.v1,conversation.looping,conversation_id operation_id channel agent",
        "agent.prompt-guard-broken.v1,prompt.guard_broken,agent watched watched_id number prompt_version_id back_to"
                + " metric observed limit compared sample",
        "agent.tool-approval-requested.v1,approval.requested,approval_id conversation_id operation_id channel agent tool"
                + " expires_at at",
        "agent.tool-approval-decided.v1,approval.decided,approval_id conversation_id operation_id channel agent tool"
                + " state decided_by at",
        "channel.contact-opted-out.v1,contact.opted_out,contact_id by message_id at",
        "channel.contact-opted-in.v1,contact.opted_in,contact_id by at",
        "billing.subscription-changed.v1,subscription.changed,version status plan plan_version current_period_start"
                + " current_period_end cancel_at_period_end trial_end",
        "policy.threshold-reached.v1,credits.threshold_reached,percent remaining"
    })
    void anEventOfAServiceBecomesAWebhook(String source, String type, String members) throws Exception {
        JsonNode sample =
                JSON.readTree(Files.readString(Path.of("..", "contracts", "events", source + ".sample.json")));

        Happening told = payloads.of(ID, source, TIME, sample).orElseThrow();

        JsonNode payload = JSON.readTree(told.payload());
        assertThat(told.id()).isEqualTo(ID);
        assertThat(told.type()).isEqualTo(type);
        assertThat(names(payload)).containsExactly("type", "timestamp", "data");
        assertThat(payload.path("type").asText()).isEqualTo(type);
        assertThat(payload.path("timestamp").asText()).isEqualTo("2026-11-21T01:30:00.271828Z");
        assertThat(names(payload.path("data"))).containsExactly(members.split(" "));
        for (String member : members.split(" ")) {
            assertThat(payload.path("data").path(member)).isEqualTo(sample.path(member));
        }
    }

    @Test
    void allCreditsUsedIsAnEventOfItsOwn() throws Exception {
        JsonNode data = JSON.readTree("{\"percent\":100,\"remaining\":0}");

        assertThat(payloads.of(ID, "policy.threshold-reached.v1", TIME, data))
                .hasValueSatisfying(told -> assertThat(told.type()).isEqualTo("credits.exhausted"));
    }

    @Test
    void whatServicesTellEachOtherBesidesStaysInside() throws Exception {
        JsonNode data = JSON.readTree("{\"message_id\":\"m\",\"text\":\"secret\",\"hold\":\"secret\"}");

        assertThat(payloads.of(ID, "channel.message-sent.v1", TIME, data)
                        .orElseThrow()
                        .payload())
                .doesNotContain("secret");
        assertThat(payloads.of(ID, "policy.usage-settled.v1", TIME, data)).isEmpty();
    }

    @Test
    void everyTypeThatIsOfferedHasASourceAndStandsInTheGuide() throws Exception {
        String guide = Files.readString(Path.of("..", "docs", "guides", "webhooks.md"));
        Set<String> told = new HashSet<>();
        for (String source : Payloads.SOURCES) {
            for (int percent : new int[] {80, 100}) {
                JsonNode data = JSON.createObjectNode().put("percent", percent);
                told.add(payloads.of(ID, source, TIME, data).orElseThrow().type());
            }
        }

        assertThat(told).isEqualTo(EventCatalogue.types());
        assertThat(EventCatalogue.types()).allSatisfy(type -> assertThat(guide).contains("| `" + type + "` |"));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new java.util.ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
