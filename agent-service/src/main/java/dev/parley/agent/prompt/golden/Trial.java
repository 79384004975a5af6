package dev.parley.agent.prompt.golden;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What a version came to on an agent's golden conversations.
 *
 * @param contentHash of what the version said then: another text needs another trial
 * @param goldenHash of the golden conversations as they were then
 * @param status running, passed, failed, or abandoned when the process that ran it was gone
 * @param result null unless passed or failed
 */
public record Trial(
        UUID id,
        UUID agentId,
        int number,
        String contentHash,
        String goldenHash,
        String status,
        Result result,
        Instant deadlineAt,
        Instant createdAt,
        Instant finishedAt,
        String createdBy) {
    /** All conversations, and what they cost together in the provider's tokens. */
    public record Result(List<Outcome> conversations, Cost cost, long durationMs) {
        /** Whether every conversation passed. */
        public boolean passed() {
            return conversations.stream().allMatch(Outcome::passed);
        }
    }

    /**
     * One conversation.
     *
     * @param problem why it was broken off; null when it was held to its end
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Outcome(UUID id, String name, boolean passed, String problem, List<Reply> turns) {}

    /** One reply and its verdicts. */
    public record Reply(
            String user,
            String text,
            String finishReason,
            Cost cost,
            long durationMs,
            List<Expectation.Verdict> expectations) {
        /** Whether all that was expected of it came true. */
        public boolean passed() {
            return expectations.stream().allMatch(Expectation.Verdict::passed);
        }
    }

    /** Tokens used; estimated where the provider did not report them. */
    public record Cost(int inputTokens, int outputTokens, boolean estimated) {
        /** No tokens at all. */
        public static final Cost NONE = new Cost(0, 0, false);

        /** Both together. */
        public Cost plus(Cost other) {
            return new Cost(
                    inputTokens + other.inputTokens, outputTokens + other.outputTokens, estimated || other.estimated);
        }
    }
}
