package dev.parley.agent.trial;

import dev.parley.agent.prompt.golden.Trial;
import dev.parley.agent.run.DraftRuns;

/** What a version answered, by whom and for how much. */
public record TryResponse(
        String text, String finishReason, String provider, String model, Trial.Cost cost, long durationMs) {
    static TryResponse of(DraftRuns.Answer answer, long durationMs) {
        return new TryResponse(
                answer.text(), answer.finishReason(), answer.provider(), answer.model(), cost(answer), durationMs);
    }

    /** What a reply took. */
    static Trial.Cost cost(DraftRuns.Answer answer) {
        return new Trial.Cost(answer.inputTokens(), answer.outputTokens(), answer.estimated());
    }
}
