package dev.parley.channel.webhookdelivery;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a delivery after an attempt.
 *
 * @param state the next state
 * @param nextIn how long until the next attempt; null when there is none
 * @param pause how long the whole endpoint is to be left alone; null when it did not ask for that
 */
record Verdict(
        DeliveryState state,
        @Nullable Duration nextIn,
        @Nullable Duration pause) {
    private static final double MOST_JITTER = 0.1;

    boolean exhausted() {
        return state == DeliveryState.FAILED;
    }

    /**
     * Judges an attempt.
     *
     * @param tries how many attempts there were, this one included
     * @param chance between 0 and 1: how much of the jitter is added
     */
    static Verdict of(Attempt attempt, int tries, List<Duration> schedule, Duration longestPause, double chance) {
        if (attempt.taken()) {
            return new Verdict(DeliveryState.DELIVERED, null, null);
        }
        Duration pause = attempt.retryAfter() == null ? null : shorter(attempt.retryAfter(), longestPause);
        if (attempt.gone() || tries >= schedule.size()) {
            return new Verdict(DeliveryState.FAILED, null, pause);
        }
        Duration planned = schedule.get(tries);
        Duration wait = planned.plusMillis(Math.round(planned.toMillis() * MOST_JITTER * chance));
        return new Verdict(DeliveryState.PENDING, pause != null && pause.compareTo(wait) > 0 ? pause : wait, pause);
    }

    /**
     * How long the whole queue of an endpoint in doubt rests: twice as long after each failure, so that a dead endpoint
     * with however much waiting costs an attempt now and then.
     */
    static Duration rest(int failures, Duration first, Duration longest, double chance) {
        int doublings = Math.min(failures - Lease.IN_DOUBT, 30);
        Duration rest = doublings < 0 ? Duration.ZERO : shorter(first.multipliedBy(1L << doublings), longest);
        return rest.plusMillis(Math.round(rest.toMillis() * MOST_JITTER * chance));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
