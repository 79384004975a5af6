package dev.parley.agent.prompt.trial;

import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.agent.prompt.golden.Trial;

/** What a version answered, by whom and for how much. */
public record TryResponse(
        String text, String finishReason, String provider, String model, Trial.Cost cost, long durationMs) {
    static TryResponse of(ActivePrompt prompt, DraftCall.Answer answer) {
        return new TryResponse(
                answer.text(),
                answer.finishReason(),
                prompt.endpoint().name(),
                answer.model(),
                answer.cost(),
                answer.durationMs());
    }
}
