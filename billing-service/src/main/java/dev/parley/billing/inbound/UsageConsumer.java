package dev.parley.billing.inbound;

import dev.parley.billing.adjustment.AdjustmentService;
import dev.parley.billing.adjustment.CreditsTaken;
import dev.parley.billing.credit.CreditService;
import dev.parley.billing.reconciliation.EchoService;
import dev.parley.billing.refund.RefundService;
import dev.parley.billing.usage.UsageService;
import dev.parley.billing.usage.UsageSettled;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import dev.parley.platform.operation.Operation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Books what policy-service settled, what was left of closed lots and what was taken back. */
@ApplicationScoped
class UsageConsumer implements TransactionalEventConsumer {
    private static final String SETTLED = "policy.usage-settled.v1";
    private static final String LOT_CLOSED = "policy.lot-closed.v1";
    private static final String TAKEN = "policy.credits-taken.v1";
    private static final Duration GATHERED = Duration.ofMillis(500);

    private final UsageService usage;
    private final CreditService credits;
    private final RefundService refunds;
    private final AdjustmentService adjustments;
    private final EchoService echoes;

    UsageConsumer(
            UsageService usage,
            CreditService credits,
            RefundService refunds,
            AdjustmentService adjustments,
            EchoService echoes) {
        this.usage = usage;
        this.credits = credits;
        this.refunds = refunds;
        this.adjustments = adjustments;
        this.echoes = echoes;
    }

    /** A lot that policy closed; one of which it kept something for whoever uses it is still open. */
    @RegisterForReflection
    record LotClosed(UUID lotId, long unspent, @Nullable Long kept) {}

    @Override
    public String group() {
        return "billing-service.book-usage";
    }

    @Override
    public Set<String> topics() {
        return Set.of("policy.usage.events");
    }

    @Override
    public Set<String> types() {
        return Set.of(SETTLED, LOT_CLOSED, TAKEN);
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        handleAll(handle, List.of(event));
    }

    /** A balance that somebody looks at is policy-service's; these are the books. */
    @Override
    public Duration gathered() {
        return GATHERED;
    }

    @Override
    public void handleAll(Handle handle, List<ReceivedEvent> events) {
        List<UsageSettled> settled = events.stream()
                .filter(event -> event.type().equals(SETTLED))
                .map(event -> event.as(UsageSettled.class))
                .toList();
        if (!settled.isEmpty()) {
            usage.settle(handle, events.getFirst().tenant(), settled);
        }
        for (ReceivedEvent event : events) {
            if (event.type().equals(SETTLED)) {
                continue;
            }
            Operation.enter(event.operationId());
            if (event.type().equals(LOT_CLOSED)) {
                LotClosed closed = event.as(LotClosed.class);
                if (closed.kept() == null) {
                    credits.lotClosed(handle, event.tenant(), closed.lotId(), closed.unspent());
                } else {
                    credits.lotReduced(handle, event.tenant(), closed.lotId(), closed.unspent());
                }
                refunds.lotClosed(handle, closed.lotId(), closed.unspent());
            } else if (event.type().equals(TAKEN)) {
                CreditsTaken taken = event.as(CreditsTaken.class);
                if (!echoes.heard(handle, taken.withdrawalId())) {
                    adjustments.taken(handle, event.tenant(), taken);
                }
            }
        }
    }
}
