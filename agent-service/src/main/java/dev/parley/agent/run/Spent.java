package dev.parley.agent.run;

import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;

/** Tokens that the calls of one run took together; estimated as soon as one of them is. */
record Spent(long input, long output, boolean estimated) {
    static final Spent NOTHING = new Spent(0, 0, false);

    /** With one more call, by what the provider says, else counted. */
    Spent and(LlmRequest ask, LlmReply reply) {
        return reply.usage() == null
                ? new Spent(input + TokenEstimate.of(ask), output + TokenEstimate.of(reply), true)
                : new Spent(
                        input + reply.usage().inputTokens(),
                        output + reply.usage().outputTokens(),
                        estimated);
    }

    long tokens() {
        return input + output;
    }

    RunResult.Usage usage() {
        return new RunResult.Usage(bounded(input), bounded(output), estimated);
    }

    private static int bounded(long tokens) {
        return (int) Math.min(tokens, Integer.MAX_VALUE);
    }
}
