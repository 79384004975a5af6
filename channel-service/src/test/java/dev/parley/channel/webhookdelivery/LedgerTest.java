package dev.parley.channel.webhookdelivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.parley.channel.webhook.Target;
import dev.parley.channel.webhookdelivery.Round.Outcome;
import dev.parley.channel.webhookdelivery.TellRepository.End;
import dev.parley.channel.webhookdelivery.TellRepository.Row;
import dev.parley.channel.webhookdelivery.TellRepository.Taken;
import dev.parley.platform.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is stored of events that were sent first. */
class LedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Lease LEASE = new Lease(new TenantId(UUID.randomUUID()), UUID.randomUUID(), 7, 0);

    private final List<Happening> events = new ArrayList<>();
    private final List<Due> due = new ArrayList<>();
    private final Ledger ledger;

    LedgerTest() {
        for (int i = 0; i < 4; i++) {
            Happening event = new Happening(UUID.randomUUID(), "message.sent", "{}");
            events.add(event);
            due.add(new Due(event.id(), event.payload(), 0, 1, NOW));
        }
        ledger = new Ledger(
                events, new DeliverySettings(Duration.ofSeconds(15)), attempt -> "tried " + attempt.status());
    }

    @Test
    void whatWasTakenIsStoredAsDeliveredAndTheQueueIsGivenBack() {
        ledger.noted(outcome(List.of(ended(0, 200, null), ended(1, 200, null)), List.of(), List.of()));

        assertThat(ledger.rows())
                .containsExactly(
                        new Row(LEASE.endpoint(), 1, DeliveryState.DELIVERED, 0, "tried 200"),
                        new Row(LEASE.endpoint(), 2, DeliveryState.DELIVERED, 0, "tried 200"));
        assertThat(ledger.ends()).containsExactly(new End(LEASE, true, 0, -1, 0, false));
    }

    @Test
    void whatFailedWaitsForItsSecondAttempt() {
        ledger.noted(outcome(List.of(ended(0, 200, null), ended(1, 500, null)), List.of(), List.of()));

        Row failed = ledger.rows().getLast();
        assertThat(failed.state()).isEqualTo(DeliveryState.PENDING);
        assertThat(failed.dueIn()).isBetween(5.0, 5.5);
        assertThat(ledger.ends().getFirst().failures()).isEqualTo(1);
        assertThat(ledger.ends().getFirst().dueIn()).isEqualTo(failed.dueIn());
    }

    @Test
    void whatWasNotAttemptedIsDueAndWhatIsUnderWayKeepsTheLease() {
        ledger.noted(outcome(List.of(ended(0, 200, null)), List.of(call(1)), List.of(due.get(2), due.get(3))));

        assertThat(ledger.rows()).extracting(Row::attempt).containsExactly("tried 200", null, null, null);
        assertThat(ledger.rows()).extracting(Row::place).containsExactly(1, 2, 3, 4);
        assertThat(ledger.ends()).containsExactly(new End(LEASE, true, 0, 0, 0, true));
    }

    @Test
    void whatIsUnderWayIsDueSoThatItIsFoundWhenWhoeverWaitsForItDies() {
        ledger.noted(outcome(List.of(), List.of(call(0)), List.of()));

        assertThat(ledger.ends()).containsExactly(new End(LEASE, false, 0, 0, 0, true));
    }

    @Test
    void threeFailuresRestTheQueueAndGoneEndsIt() {
        ledger.noted(outcome(
                List.of(ended(0, 500, null), ended(1, 500, null), ended(2, 410, null)),
                List.of(),
                List.of(due.get(3))));

        End end = ledger.ends().getFirst();
        assertThat(end.failures()).isEqualTo(3);
        assertThat(end.pause()).isEqualTo(5);
        assertThat(end.dueIn()).isEqualTo(5);
        assertThat(end.kept())
                .as("so that nobody sends on before it is disabled")
                .isTrue();
        assertThat(ledger.rows().get(2).state()).isEqualTo(DeliveryState.FAILED);
        assertThat(ledger.gone()).containsExactly(LEASE);
    }

    @Test
    void anEndpointThatAsksForTimeIsLeftAloneWithAllThatWaits() {
        ledger.noted(outcome(List.of(ended(0, 429, Duration.ofMinutes(2))), List.of(), List.of(due.get(1))));

        assertThat(ledger.ends()).containsExactly(new End(LEASE, false, 1, 120, 120, false));
        assertThat(ledger.rows().getFirst().dueIn()).isEqualTo(120);
    }

    @Test
    void whatNobodyCouldAttemptIsDueAtOnce() {
        ledger.queued(LEASE, due);

        assertThat(ledger.rows()).hasSize(4).allMatch(row -> row.attempt() == null && row.dueIn() == 0);
        assertThat(ledger.ends()).containsExactly(new End(LEASE, false, 0, 0, 0, false));
    }

    private static Outcome outcome(List<Call> finished, List<Call> underWay, List<Due> left) {
        Target target = new Target(
                1, "http://127.0.0.1/", false, 8, new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), null, null);
        Lane lane = new Lane(new Taken(LEASE, 1, Set.of("*"), Set.of(), NOW), target, null, List.of(), null, () -> {});
        return new Outcome(lane, finished, underWay, left);
    }

    private Call call(int event) {
        return new Call(due.get(event), NOW, System.nanoTime(), call -> {});
    }

    private Call ended(int event, int status, @Nullable Duration retryAfter) {
        Call call = call(event);
        call.end(status, status == 200 ? null : "answered " + status, retryAfter);
        return call;
    }
}
