package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Flow;
import dev.parley.e2e.support.Flow.Acknowledged;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Stack;
import dev.parley.local.Part;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any service may die at any time, and Kafka may be away: nothing acknowledged is lost, nothing charged twice. */
@Order(200)
class CrashE2E {
    private static final int PER_SECOND = 20;
    /** So many that no message waits for its turn for long, however slow the machine is. */
    private static final int CONVERSATIONS = 4;

    private final Checker checker = new Checker();

    @ParameterizedTest
    @EnumSource(
            value = Part.class,
            names = {"AUTH_SERVICE", "POLICY_SERVICE", "AGENT_SERVICE", "BILLING_SERVICE", "CHANNEL_SERVICE", "GATEWAY"
            })
    void aServiceIsKilledWhileMessagesFlow(Part service) {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(10_000));
        Flow flow = new Flow(customer);

        flow.run(PER_SECOND, 6, () -> {
            Stack.running().kill(service);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            Stack.running().restart(service);
        });

        nothingIsLostAndNothingChargedTwice(customer, flow, PER_SECOND * 6);
    }

    @Test
    void kafkaIsAwayForThirtySecondsAndTheChatAnswersAllTheSame() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(10_000));
        Flow flow = new Flow(customer, CONVERSATIONS);
        int[] refusalsWhileAway = new int[1];

        flow.run(PER_SECOND, 34, () -> {
            Stack.running().kill(Part.KAFKA);
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(30));
            refusalsWhileAway[0] = flow.refusals();
            Stack.running().restart(Part.KAFKA);
        });

        assertThat(refusalsWhileAway[0])
                .as("messages refused while Kafka was away")
                .isZero();
        nothingIsLostAndNothingChargedTwice(customer, flow, PER_SECOND * 34);
    }

    private void nothingIsLostAndNothingChargedTwice(Customer customer, Flow flow, int messages) {
        assertThat(flow.lost()).as("never acknowledged").isEmpty();
        assertThat(flow.acknowledged()).hasSize(messages);
        assertThat(flow.acknowledged().stream().map(Acknowledged::replyId).distinct())
                .hasSize(messages);
        // A hold whose answer was lost with the process lasts its life, a minute in this stack, and no longer.
        Eventually.passes(Duration.ofSeconds(100), () -> {
            Answer credits = customer.api().get("/api/v1/credits");
            assertThat(credits.status()).isEqualTo(200);
            assertThat(credits.at("used").asInt()).as("charged").isEqualTo(messages);
            checker.tenantIsConsistent(customer.tenantId());
            checker.outboxesAreEmpty();
        });
        List<String> stored = checker.column(
                "parley_channel",
                "select client_message_id from app.message where conversation_id in ('"
                        + String.join("', '", flow.conversations()) + "') and client_message_id is not null");
        assertThat(stored)
                .containsExactlyInAnyOrderElementsOf(flow.acknowledged().stream()
                        .map(Acknowledged::clientMessageId)
                        .toList());
    }
}
