package dev.parley.agent.prompt.split;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * What runs came to while a version was on duty.
 *
 * @param failures runs without a reply
 * @param refusals replies that the provider's content filter ended
 * @param charged replies whose credits are known
 * @param conversations in which the version replied
 * @param handoffs conversations of these that a person took over
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
        long handoffs) {
    /** Nothing yet. */
    public static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    Rate failureRate() {
        return new Rate(failures, replies + failures);
    }

    Rate refusalRate() {
        return new Rate(refusals, replies);
    }

    Rate handoffRate() {
        return new Rate(handoffs, conversations);
    }

    Mean tokensPerReply() {
        return new Mean(replies, tokens, tokensSquared);
    }

    Mean creditsPerReply() {
        return new Mean(charged, credits, creditsSquared);
    }
}
