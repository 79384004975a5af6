package dev.parley.agent.inbound;

import dev.parley.agent.prompt.split.Duty;
import dev.parley.agent.prompt.split.FiguresService;
import dev.parley.agent.prompt.split.Tally;
import dev.parley.agent.run.RunService;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        return Set.of("agent.usage.events", "agent.run.events", "policy.usage.events", "channel.message.events");
    }

    @Override
    public Set<String> types() {
        return Set.of(REPLIED, FAILED, CHARGED, TAKEN_OVER);
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        handleAll(handle, List.of(event));
    }

    @Override
    public void handleAll(Handle handle, List<ReceivedEvent> events) {
        TenantId tenant = events.getFirst().tenant();
        Tally tally = figures.tally(handle, tenant);
        for (ReceivedEvent event : events) {
            switch (event.type()) {
                case REPLIED -> {
                    Run run = event.as(Run.class);
                    run.duty()
                            .ifPresent(duty -> tally.replied(
                                    duty, run.conversationId(), run.tokens(), REFUSED.equals(run.finishReason())));
                }
                case FAILED -> event.as(Run.class).duty().ifPresent(tally::failed);
                case CHARGED -> {
                    Charge charge = event.as(Charge.class);
                    runs.duty(handle, tenant, charge.operationId())
                            .ifPresent(duty -> tally.charged(duty, charge.credits()));
                }
                default -> tally.handedOff(event.as(Conversation.class).conversationId());
            }
        }
        tally.store();
    }

    /** What counts of a run; older ones do not say who was on duty. */
    @RegisterForReflection
    record Run(
            String conversationId,
            UUID promptVersionId,
            UUID releaseId,
            String finishReason,
            Map<String, Long> quantities) {
        Optional<Duty> duty() {
            return promptVersionId == null || releaseId == null
                    ? Optional.empty()
                    : Optional.of(new Duty(releaseId, promptVersionId));
        }

        long tokens() {
            return quantities.getOrDefault("llm.input_tokens", 0L) + quantities.getOrDefault("llm.output_tokens", 0L);
        }
    }

    @RegisterForReflection
    record Charge(UUID operationId, long credits) {}

    @RegisterForReflection
    record Conversation(String conversationId) {}
}
