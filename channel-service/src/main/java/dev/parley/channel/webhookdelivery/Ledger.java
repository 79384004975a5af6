package dev.parley.channel.webhookdelivery;

import dev.parley.channel.webhookdelivery.Round.Outcome;
import dev.parley.channel.webhookdelivery.TellRepository.End;
import dev.parley.channel.webhookdelivery.TellRepository.Row;
import dev.parley.platform.data.Columns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is to be stored of events that were sent before they were stored: rows of the log, and how each queue goes on. */
final class Ledger {
    private static final double AT_ONCE = 0;
    private static final double NEVER = -1;

    private final Map<UUID, Integer> places = new HashMap<>();
    private final DeliveryConfig config;
    private final Function<Attempt, String> text;
    private final List<End> ends = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<Lease> gone = new ArrayList<>();

    Ledger(List<Happening> events, DeliveryConfig config, Function<Attempt, String> text) {
        this.config = config;
        this.text = text;
        for (int i = 0; i < events.size(); i++) {
            places.put(events.get(i).id(), i + 1);
        }
    }

    List<End> ends() {
        return ends;
    }

    List<Row> rows() {
        return rows;
    }

    /** Queues whose endpoints said that they are no more; they are kept, so that nobody sends on. */
    List<Lease> gone() {
        return gone;
    }

    /** Nothing was for that endpoint. */
    void untouched(Lease lease) {
        ends.add(new End(lease, false, lease.failures(), NEVER, 0, false));
    }

    /** Nothing could be attempted from here: all of it waits, and is due. */
    void queued(Lease lease, List<Due> events) {
        events.forEach(event -> waiting(lease, event));
        ends.add(new End(lease, false, lease.failures(), AT_ONCE, 0, false));
    }

    /** What became of a lane: what has ended is stored as it ended, the rest waits in the queue. */
    void noted(Outcome outcome) {
        Lease lease = outcome.lane().lease();
        boolean taken = false;
        int failures = lease.failures();
        // What is under way is due too, as nobody would look for it if whoever waits for its answer died.
        double wait = outcome.left().isEmpty() && outcome.underWay().isEmpty() ? NEVER : AT_ONCE;
        boolean isGone = false;
        Duration pause = Duration.ZERO;
        for (Call call : outcome.finished()) {
            Attempt attempt = call.attempt();
            Verdict verdict = Verdict.of(
                    attempt,
                    1,
                    config.schedule(),
                    config.longestRetryAfter(),
                    ThreadLocalRandom.current().nextDouble());
            taken |= attempt.taken();
            failures = attempt.taken() ? 0 : Math.min(failures + 1, Lease.IN_DOUBT);
            double next = verdict.nextIn() == null ? NEVER : Columns.seconds(verdict.nextIn());
            if (next >= 0) {
                wait = wait < 0 ? next : Math.min(wait, next);
            }
            if (verdict.pause() != null && verdict.pause().compareTo(pause) > 0) {
                pause = verdict.pause();
            }
            isGone |= attempt.gone();
            rows.add(row(lease, call.delivery(), verdict.state(), Math.max(next, 0), text.apply(attempt)));
        }
        outcome.underWay().forEach(call -> waiting(lease, call.delivery()));
        outcome.left().forEach(event -> waiting(lease, event));
        Duration rest = Verdict.rest(failures, config.rest(), config.longestRest(), 0);
        double still = Math.max(Columns.seconds(pause), Columns.seconds(rest));
        if (isGone) {
            gone.add(lease);
        }
        boolean kept = isGone || !outcome.underWay().isEmpty();
        ends.add(new End(lease, taken, failures, wait < 0 ? wait : Math.max(wait, still), still, kept));
    }

    private void waiting(Lease lease, Due event) {
        rows.add(row(lease, event, DeliveryState.PENDING, 0, null));
    }

    private Row row(Lease lease, Due event, DeliveryState state, double wait, @Nullable String attempt) {
        return new Row(lease.endpoint(), places.getOrDefault(event.event(), 0), state, wait, attempt);
    }
}
