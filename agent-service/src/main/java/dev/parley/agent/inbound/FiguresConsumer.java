package dev.parley.agent.inbound;

import dev.parley.agent.prompt.split.Duty;
import dev.parley.agent.prompt.split.FiguresService;
import dev.parley.agent.prompt.split.Tally;
import dev.parley.agent.run.RunDuties;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Counts what prompt versions come to, where anybody looks at it: replies, failures, refusals, credits, and conversations
 * that went to people. Of failures only those count that a version can cause, and of replies those that it made: a
 * provider that is down, a tenant's bad key and an answer from before say nothing about a prompt.
 */
@ApplicationScoped
class FiguresConsumer implements TransactionalEventConsumer {
    private static final String REPLIED = "agent.usage-recorded.v1";
    private static final String FAILED = "agent.run-failed.v1";
    private static final String CHARGED = "policy.usage-settled.v1";
    private static final String TAKEN_OVER = "channel.conversation-taken-over.v1";
    private static final String ASKED_FOR_A_PERSON = "channel.handoff-requested.v1";
    private static final String REFUSED = "content_filter";
    private static final String API = "api";
    private static final String BY_VERSION = "version";
    private static final Duration GATHERED = Duration.ofSeconds(2);

    private final FiguresService figures;
    private final RunDuties duties;

    FiguresConsumer(FiguresService figures, RunDuties duties) {
        this.figures = figures;
        this.duties = duties;
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
        return Set.of(REPLIED, FAILED, CHARGED, TAKEN_OVER, ASKED_FOR_A_PERSON);
    }

    /** Mostly nobody looks, and then there is nothing to count. */
    @Override
    public boolean concerns(ReceivedEvent event) {
        return switch (event.type()) {
            case REPLIED, FAILED -> watches(event.as(Run.class));
            case CHARGED -> figures.anythingWatched();
            default -> true;
        };
    }

    private boolean watches(Run run) {
        return run.duty().filter(duty -> figures.watched(duty, run.agent())).isPresent();
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        handleAll(handle, List.of(event));
    }

    /** All tenants add to the same few rows: the fewer transactions, the less they wait for each other. */
    @Override
    public Duration gathered() {
        return GATHERED;
    }

    @Override
    public void handleAll(Handle handle, List<ReceivedEvent> events) {
        TenantId tenant = events.getFirst().tenant();
        Tally tally = figures.tally(handle, tenant);
        List<Charge> charges = new ArrayList<>();
        for (ReceivedEvent event : events) {
            switch (event.type()) {
                case REPLIED -> count(tally, event.as(Run.class));
                case FAILED -> fail(tally, event.as(Run.class));
                case CHARGED -> charges.add(event.as(Charge.class));
                default -> tally.handedOff(event.as(Conversation.class).conversationId());
            }
        }
        if (!charges.isEmpty()) {
            charge(handle, tenant, tally, charges);
        }
        tally.store();
    }

    private static void count(Tally tally, Run run) {
        if (!run.cached()) {
            run.duty()
                    .ifPresent(
                            duty -> tally.replied(duty, run.talk(), run.tokens(), REFUSED.equals(run.finishReason())));
        }
    }

    private static void fail(Tally tally, Run run) {
        if (BY_VERSION.equals(run.cause())) {
            run.duty().ifPresent(tally::failed);
        }
    }

    private void charge(Handle handle, TenantId tenant, Tally tally, List<Charge> charges) {
        Map<UUID, RunDuties.OnDuty> by = duties.of(
                handle, tenant, charges.stream().map(Charge::operationId).toList());
        for (Charge charge : charges) {
            RunDuties.OnDuty on = by.get(charge.operationId());
            if (on != null && figures.watched(handle, on.duty(), on.agent())) {
                tally.charged(on.duty(), charge.credits());
            }
        }
    }

    /**
     * What counts of a run; older ones do not say who was on duty.
     *
     * @param cause of one that failed: version, provider, tenant_key, request or platform; older ones do not say
     */
    @RegisterForReflection
    record Run(
            String agent,
            String channel,
            String conversationId,
            UUID promptVersionId,
            UUID releaseId,
            String finishReason,
            Map<String, Long> quantities,
            boolean cached,
            String cause) {
        Optional<Duty> duty() {
            return promptVersionId == null || releaseId == null
                    ? Optional.empty()
                    : Optional.of(new Duty(releaseId, promptVersionId));
        }

        /** The conversation that a person could take over; null for calls of the API, each of which may name another. */
        String talk() {
            return API.equals(channel) ? null : conversationId;
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
