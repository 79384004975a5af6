package dev.parley.billing.inbound;

import dev.parley.billing.warning.ThresholdReached;
import dev.parley.billing.warning.WarningService;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Warns when policy says that most or all credits are used. */
@ApplicationScoped
class ThresholdConsumer implements TransactionalEventConsumer {
    private final WarningService warnings;

    ThresholdConsumer(WarningService warnings) {
        this.warnings = warnings;
    }

    @Override
    public String group() {
        return "billing-service.warn-of-credits";
    }

    @Override
    public Set<String> topics() {
        return Set.of("policy.usage.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("policy.threshold-reached.v1");
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        warnings.warn(handle, event.tenant(), event.as(ThresholdReached.class));
    }
}
