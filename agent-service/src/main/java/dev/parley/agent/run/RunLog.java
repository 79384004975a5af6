package dev.parley.agent.run;

import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTarget;
import dev.parley.agent.tool.ToolEffects;
import java.util.ArrayList;
import java.util.List;

/** What happened in a run so far, whether it ends well or not; for one thread. */
final class RunLog {
    private final List<ProviderChain.FailedAttempt> attempts = new ArrayList<>();
    private final List<ToolLoop.ToolStep> steps = new ArrayList<>();
    private final ToolEffects effects = new ToolEffects();
    private Spent spent = Spent.NOTHING;

    /** A provider was asked in vain, or passed over. */
    void failed(ProviderChain.FailedAttempt attempt) {
        attempts.add(attempt);
    }

    /** A model was asked and took tokens. */
    void spent(LlmTarget by, LlmRequest ask, LlmReply reply) {
        spent = spent.and(by, ask, reply);
    }

    /** A function was called. */
    void called(ToolLoop.ToolStep step) {
        steps.add(step);
    }

    List<ProviderChain.FailedAttempt> attempts() {
        return attempts;
    }

    List<ToolLoop.ToolStep> steps() {
        return steps;
    }

    /** What functions want the channel to do. */
    ToolEffects effects() {
        return effects;
    }

    Spent spent() {
        return spent;
    }
}
