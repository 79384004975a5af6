package dev.parley.agent.prompt.split;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.platform.statistics.Rate;

/**
 * What runs came to while a version was on duty.
 *
 * @param failures runs without a reply
 * @param refusals replies that the provider's content filter ended
 * @param charged replies whose credits are known
 * @param conversations in which the version replied
 * @param handoffs conversations of these that a person took over
 * @param settled conversations that it began to answer long enough ago to say how they ended
 * @param resolved conversations of these that nobody had to take over
 */
public record Figures(
        long replies,
        long failures,
        long refusals,
        long tokens,
        @JsonIgnore double tokensSquared,
        long charged,
        long credits,
        @JsonIgnore double creditsSquared,
        long conversations,
        long handoffs,
        long settled,
        long resolved) {
    /** Nothing yet. */
    public static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Both together. */
    Figures plus(Figures more) {
        return new Figures(
                replies + more.replies,
                failures + more.failures,
                refusals + more.refusals,
                tokens + more.tokens,
                tokensSquared + more.tokensSquared,
                charged + more.charged,
                credits + more.credits,
                creditsSquared + more.creditsSquared,
                conversations + more.conversations,
                handoffs + more.handoffs,
                settled + more.settled,
                resolved + more.resolved);
    }

    Rate failureRate() {
        return new Rate(failures, replies + failures);
    }

    Rate refusalRate() {
        return new Rate(refusals, replies);
    }

    Rate handoffRate() {
        return new Rate(handoffs, conversations);
    }

    Rate unresolvedRate() {
        return new Rate(settled - resolved, settled);
    }

    Mean tokensPerReply() {
        return new Mean(replies, tokens, tokensSquared);
    }

    Mean creditsPerReply() {
        return new Mean(charged, credits, creditsSquared);
    }
}
