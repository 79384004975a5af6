package dev.parley.billing.reconciliation;

import dev.parley.billing.lifecycle.ProviderStateFlow;
import dev.parley.billing.outbound.PolicyBalances;
import dev.parley.billing.outbound.PolicyClient;
import dev.parley.billing.overage.OverageFlow;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.ProviderEvent.ObjectKind;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks providers and policy, compares what they say with the books, and repairs what a person wants repaired. */
@ApplicationScoped
class ReconciliationFlow {
    private static final Logger LOG = Logger.getLogger(ReconciliationFlow.class);
    private static final int TENANTS_AT_A_TIME = 200;

    private final ReconciliationService reconciliations;
    private final PaymentProviders providers;
    private final ProviderStateFlow states;
    private final UnheardFlow unheard;
    private final OverageFlow overages;
    private final PolicyClient policy;
    private final ReconciliationConfig config;
    private final Clock clock;

    ReconciliationFlow(
            ReconciliationService reconciliations,
            PaymentProviders providers,
            ProviderStateFlow states,
            UnheardFlow unheard,
            OverageFlow overages,
            PolicyClient policy,
            ReconciliationConfig config,
            Clock clock) {
        this.reconciliations = reconciliations;
        this.providers = providers;
        this.states = states;
        this.unheard = unheard;
        this.overages = overages;
        this.policy = policy;
        this.config = config;
        this.clock = clock;
    }

    /** Begins a run and answers it at once; it goes on by itself. */
    Reconciliation start(@Nullable UUID onlyFor, Caller admin) {
        Reconciliation run = reconciliations.begin(onlyFor, admin);
        Thread.ofVirtual().name("reconciliation").start(() -> run(run.id(), onlyFor));
        return run;
    }

    /** Compares all tenants, or one, and keeps what does not agree. */
    void run(UUID id, @Nullable UUID onlyFor) {
        Operation.enter(null);
        try {
            Count count = new Count();
            if (onlyFor != null) {
                TenantId tenant = new TenantId(onlyFor);
                count.add(reconcile(id, tenant, unheard.find(tenant)));
            } else {
                all(id, count);
            }
            reconciliations.finish(id, count.tenants, count.notCompared, count.drifts);
            if (count.drifts > 0) {
                LOG.errorf("reconciliation %s found %d drifts", id, count.drifts);
            }
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "reconciliation %s was given up", id);
            abandon(id);
        } finally {
            Operation.leave();
        }
    }

    private void abandon(UUID id) {
        try {
            reconciliations.abandon(id);
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "reconciliation %s counts as running until it is too old for that", id);
        }
    }

    private void all(UUID id, Count count) {
        UnheardFlow.Found found = unheard.find(null);
        Set<TenantId> unheardOf = new HashSet<>(found.byTenant().keySet());
        UUID after = new UUID(0, 0);
        List<TenantId> tenants;
        do {
            tenants = reconciliations.tenants(after, TENANTS_AT_A_TIME);
            for (TenantId tenant : tenants) {
                count.add(reconcile(id, tenant, found));
                unheardOf.remove(tenant);
                after = tenant.value();
            }
        } while (tenants.size() == TENANTS_AT_A_TIME);
        for (TenantId tenant : unheardOf) {
            count.add(reconcile(id, tenant, found));
        }
    }

    /** How many drifts a tenant has; -1 less that number when it could not be compared whole. */
    private int reconcile(UUID id, TenantId tenant, UnheardFlow.Found found) {
        try {
            List<Finding> findings = settled(tenant, found.of(tenant));
            reconciliations.store(tenant, id, findings);
            return found.notListed().isEmpty() ? findings.size() : -1 - findings.size();
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "tenant %s could not be compared", tenant);
            return -1;
        }
    }

    /** What a second look finds like the first: the rest was on its way. */
    private List<Finding> settled(TenantId tenant, List<Listed> listed) {
        List<Finding> first = look(tenant, listed);
        if (first.isEmpty()) {
            return first;
        }
        LockSupport.parkNanos(config.pause().toNanos());
        return look(tenant, listed).stream().filter(first::contains).toList();
    }

    private List<Finding> look(TenantId tenant, List<Listed> listed) {
        List<Finding> findings = new ArrayList<>(look(tenant));
        for (Finding one : reconciliations.unheard(tenant, listed)) {
            // The newest invoice of a known subscription is missed in two ways.
            String id = one.subject().substring(one.subject().indexOf(':') + 1);
            if (findings.stream()
                    .noneMatch(other -> other.kind().equals("INVOICE_MISSING")
                            && other.subject().equals(id))) {
                findings.add(one);
            }
        }
        return findings;
    }

    private List<Finding> look(TenantId tenant) {
        Books books = reconciliations.books(tenant);
        ProviderSays provider = ask(books);
        PolicyBalances balances = policy.balances(tenant);
        return Comparison.of(books, provider, balances, policy.entitlementVersion(tenant), clock.instant());
    }

    private @Nullable ProviderSays ask(Books books) {
        Books.Subscribed subscription = books.subscription();
        if (subscription == null || subscription.provider() == null || subscription.providerId() == null) {
            return null;
        }
        PaymentProvider provider = providers.named(subscription.provider());
        Map<String, ProviderInvoice> invoices = new HashMap<>();
        for (Books.Invoiced invoice : books.invoices()) {
            provider.fetchInvoice(invoice.providerId()).ifPresent(said -> invoices.put(said.id(), said));
        }
        return new ProviderSays(
                provider.fetchSubscription(subscription.providerId()).orElse(null), invoices);
    }

    /**
     * Repairs drifts of a run, each once, and answers the run as it is then. A balance is not compensated before policy has
     * answered: a 409 problem once the rest is repaired.
     */
    Reconciliation repair(UUID id, RepairRequest request, Caller admin) {
        Reconciliation run = reconciliations.get(id);
        if (run.state().equals("running")) {
            throw new Problem(ReconciliationProblem.RECONCILIATION_RUNNING);
        }
        boolean early = false;
        for (Drift drift : Objects.requireNonNull(run.items())) {
            if (!request.names(drift.id()) || !drift.state().equals("open") || drift.repair() == Repair.NONE) {
                continue;
            }
            if (drift.isEarly()) {
                early = true;
            } else {
                repair(drift, admin, request.reason());
            }
        }
        if (early) {
            throw new Problem(ReconciliationProblem.RECONCILIATION_EVENTS_WAITING)
                    .detail("A balance is compensated once policy-service has answered; all other drifts are repaired.")
                    .header("Retry-After", "5");
        }
        return reconciliations.get(id);
    }

    private void repair(Drift drift, Caller admin, String reason) {
        // What was true at night need not be true now: a repair of something else would be a new fault.
        boolean there = drift.finding().isOfLists()
                ? unheard.isStillThere(drift)
                : look(drift.tenantId()).contains(drift.finding());
        if (!there) {
            reconciliations.gone(drift, admin, reason);
            return;
        }
        if (drift.finding().isOfLists()) {
            unheard.repair(drift);
        } else if (drift.kind().equals(Comparison.OVERAGE_NOT_GRANTED)) {
            overages.look(drift.tenantId(), UUID.fromString(drift.subject()));
        } else if (drift.repair() == Repair.FETCH_AND_APPLY) {
            Books.Subscribed subscription = Objects.requireNonNull(
                    reconciliations.books(drift.tenantId()).subscription());
            PaymentProvider provider = providers.named(Objects.requireNonNull(subscription.provider()));
            boolean invoice = drift.kind().startsWith("INVOICE_");
            states.follow(
                    provider,
                    invoice ? ObjectKind.INVOICE : ObjectKind.SUBSCRIPTION,
                    invoice ? drift.subject() : subscription.providerId());
        }
        reconciliations.repair(drift, admin, reason);
    }

    /** What a run came to. */
    private static final class Count {
        private long tenants;
        private long notCompared;
        private long drifts;

        void add(int found) {
            tenants++;
            notCompared += found < 0 ? 1 : 0;
            drifts += found < 0 ? -1 - found : found;
        }
    }
}
