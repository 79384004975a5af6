package dev.parley.policy.engine;

import dev.parley.policy.rating.Rate;
import dev.parley.policy.rating.Rating;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operation must hold before it may run. The balance gives {@code want} credits, or what is left when that is
 * at least {@code least}: the answer of the model is then kept shorter.
 *
 * @param want credits of the worst case
 * @param least credits with the shortest useful answer
 * @param cap how far the balance may fall below zero
 * @param claims units to reserve of each quota of the period
 * @param stocks how many there are of each stock that has a quota
 * @param fixed the part of {@code want} that is not for the model's answer
 * @param inputTokens the most that the run may send to the model
 * @param outputTokens the most that was asked of the model
 * @param outputRate the price of the model's answer, if it has one
 */
public record Reservation(
        long want,
        long least,
        long cap,
        Map<String, Long> claims,
        Map<String, Long> stocks,
        long fixed,
        long inputTokens,
        long outputTokens,
        @Nullable Rate outputRate) {

    /** The limits of a run for which that many credits are held. */
    public Limits limits(long credits) {
        return new Limits(inputTokens, Math.min(outputTokens, Rating.affordable(outputRate, credits - fixed)));
    }
}
