package dev.parley.agent.run;

import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmRequest;

/**
 * Tokens that the calls of one run may take together: what its caller holds credits for. The first call is within it by
 * its own limits; a further one is made only where it fits, and its answer is kept as short as is left.
 *
 * @param tokens input and output of all calls
 * @param output the most tokens of all answers together; null for no limit
 */
record Budget(long tokens, Integer output) {
    private static final int SHORTEST_ANSWER = 64;
    /** What a model is expected to write when nobody limits it. */
    private static final int USUAL_ANSWER = 1000;

    /** What is allowed by a caller's limits, and by ours where it sets none. */
    static Budget of(RunRequest.Limits limits, Integer maxOutput, long most) {
        boolean limited = limits != null && limits.maxInputTokens() != null && limits.maxOutputTokens() != null;
        long held = limited ? (long) limits.maxInputTokens() + limits.maxOutputTokens() : most;
        return new Budget(Math.min(held, most), maxOutput);
    }

    /** Whether that much can be asked after what was spent, and as much again. */
    boolean affords(Spent spent, LlmRequest ask, int times) {
        return spent.tokens() + (long) times * cost(ask) <= tokens;
    }

    /** The same with an answer no longer than what is left. */
    LlmRequest within(LlmRequest ask, Spent spent) {
        return output == null ? ask : ask.writing((int) Math.max(SHORTEST_ANSWER, output.longValue() - spent.output()));
    }

    /** How many characters of results fit before the next call, which has to leave room for its answer. */
    long room(LlmRequest ask, Spent spent, LlmMessage said) {
        long left = tokens - spent.tokens() - cost(ask) - TokenEstimate.of(said);
        return Math.max(0, left) * TokenEstimate.LETTERS_PER_TOKEN;
    }

    private static long cost(LlmRequest ask) {
        return TokenEstimate.of(ask) + (ask.maxTokens() == null ? USUAL_ANSWER : ask.maxTokens());
    }
}
