package dev.parley.policy.inbound;

import dev.parley.platform.event.FlowEventConsumer;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.policy.hold.HoldService;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;

/** Settles runs whose caller died before it could: the net under the settlement call. */
@ApplicationScoped
class AgentUsageConsumer implements FlowEventConsumer {
    private static final Duration GATHERED = Duration.ofSeconds(1);

    private final HoldService holds;

    AgentUsageConsumer(HoldService holds) {
        this.holds = holds;
    }

    @Override
    public String group() {
        return "policy-service.settle-missed-usage";
    }

    @Override
    public Set<String> topics() {
        return Set.of("agent.usage.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("agent.usage-recorded.v1");
    }

    /** The caller's own settlement comes at about the same time; after it nothing is left to do. */
    @Override
    public Duration gathered() {
        return GATHERED;
    }

    @Override
    public boolean concerns(ReceivedEvent event) {
        return !holds.settledHere(event.tenant(), event.as(UsageRecorded.class).operationId());
    }

    @Override
    public void handle(ReceivedEvent event) {
        UsageRecorded usage = event.as(UsageRecorded.class);
        holds.settleMissed(event.tenant(), usage.operationId(), usage.settlement(), event.time());
    }
}
