package dev.parley.agent.inbound;

import dev.parley.agent.prompt.split.FiguresService;
import dev.parley.agent.run.RunService;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Counts what prompt versions come to: replies, failures, refusals, credits, and conversations that people took over. */
@ApplicationScoped
class FiguresConsumer implements TransactionalEventConsumer {
    private static final String REPLIED = "agent.usage-recorded.v1";
    private static final String FAILED = "agent.run-failed.v1";
    private static final String CHARGED = "policy.usage-settled.v1";
    private static final String TAKEN_OVER = "channel.conversation-taken-over.v1";
    private static final String REFUSED = "content_filter";

    private final FiguresService figures;
    private final RunService runs;

    FiguresConsumer(FiguresService figures, RunService runs) {
        this.figures = figures;
        this.runs = runs;
    }

    @Override
    public String group() {
        return "agent-service.prompt-figures";
    }

    @Override
    public Set<String> topics() {
        return Set.of("agent.usage.events", "policy.usage.events", "channel.message.events");
    }

    @Override
    public Set<String> types() {
        return Set.of(REPLIED, FAILED, CHARGED, TAKEN_OVER);
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        switch (event.type()) {
            case REPLIED -> replied(handle, event, event.as(Run.class));
            case FAILED -> failed(handle, event.as(Run.class));
            case CHARGED -> charged(handle, event, event.as(Charge.class));
            default ->
                figures.handedOff(handle, event.tenant(), event.as(Conversation.class).conversationId());
        }
    }

    private void replied(Handle handle, ReceivedEvent event, Run run) {
        if (run.onDuty()) {
            figures.replied(
                    handle,
                    event.tenant(),
                    run.releaseId(),
                    run.promptVersionId(),
                    run.conversationId(),
                    run.tokens(),
                    REFUSED.equals(run.finishReason()));
        }
    }

    private void failed(Handle handle, Run run) {
        if (run.onDuty()) {
            figures.failed(handle, run.releaseId(), run.promptVersionId());
        }
    }

    private void charged(Handle handle, ReceivedEvent event, Charge charge) {
        runs.duty(handle, event.tenant(), charge.operationId())
                .ifPresent(duty ->
                        figures.charged(handle, duty.releaseId(), duty.promptVersionId(), charge.credits()));
    }

    /** What counts of a run; older ones do not say who was on duty. */
    @RegisterForReflection
    record Run(
            String conversationId,
            UUID promptVersionId,
            UUID releaseId,
            String finishReason,
            Map<String, Long> quantities) {
        boolean onDuty() {
            return promptVersionId != null && releaseId != null;
        }

        long tokens() {
            return quantities.getOrDefault("llm.input_tokens", 0L)
                    + quantities.getOrDefault("llm.output_tokens", 0L);
        }
    }

    @RegisterForReflection
    record Charge(UUID operationId, long credits) {}

    @RegisterForReflection
    record Conversation(String conversationId) {}
}
