package dev.parley.billing.inbound;

import dev.parley.billing.cost.CostService;
import dev.parley.billing.cost.ModelUsed;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Notes what runs of models cost, also those that failed. */
@ApplicationScoped
class ModelUsageConsumer implements TransactionalEventConsumer {
    private static final Duration GATHERED = Duration.ofSeconds(2);

    private final CostService costs;

    ModelUsageConsumer(CostService costs) {
        this.costs = costs;
    }

    @Override
    public String group() {
        return "billing-service.note-cost";
    }

    @Override
    public Set<String> topics() {
        return Set.of("agent.usage.events", "agent.run.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("agent.usage-recorded.v1", "agent.run-failed.v1");
    }

    @Override
    public Duration gathered() {
        return GATHERED;
    }

    /** A part of a run is one row, whoever tells of it and how often. */
    @Override
    public boolean noted() {
        return false;
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        handleAll(handle, List.of(event));
    }

    @Override
    public void handleAll(Handle handle, List<ReceivedEvent> events) {
        costs.record(
                handle,
                events.getFirst().tenant(),
                events.stream()
                        .map(event -> new CostService.Run(event.time(), event.as(ModelUsed.class)))
                        .toList());
    }
}
