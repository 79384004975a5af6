package dev.parley.policy.hold;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.credit.Account;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.hold.HoldRepository.Charge;
import dev.parley.policy.hold.HoldRepository.Reserved;
import dev.parley.policy.hold.HoldRepository.Settled;
import dev.parley.policy.rating.RatedLine;
import dev.parley.policy.rating.Rating;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Reserves credits for operations and ends the reservations; each operation is charged at most once. */
@ApplicationScoped
public class HoldService {
    private static final String CHECK_VIOLATION = "23514";
    private static final int SETTLE_ATTEMPTS = 4;

    private final Database database;
    private final HoldRepository holds;
    private final CreditService credits;
    private final EntitlementService entitlements;
    private final Outbox outbox;
    private final HoldConfig config;
    private final Cache<Operation, Boolean> settledHere;
    private final Counter placed;
    private final Counter settled;
    private final Counter settledLate;
    private final Counter released;
    private final Counter expired;
    private final Counter notCharged;

    HoldService(
            Database database,
            HoldRepository holds,
            CreditService credits,
            EntitlementService entitlements,
            Outbox outbox,
            HoldConfig config,
            MeterRegistry metrics) {
        this.database = database;
        this.holds = holds;
        this.credits = credits;
        this.entitlements = entitlements;
        this.outbox = outbox;
        this.config = config;
        this.settledHere = Caffeine.newBuilder()
                .maximumSize(config.rememberedSettlements())
                .expireAfterWrite(Duration.ofMinutes(10))
                .build();
        this.placed = metrics.counter("policy.holds", "outcome", "placed");
        this.settled = metrics.counter("policy.holds", "outcome", "settled");
        this.settledLate = metrics.counter("policy.holds", "outcome", "settled-late");
        this.released = metrics.counter("policy.holds", "outcome", "released");
        this.expired = metrics.counter("policy.holds", "outcome", "expired");
        this.notCharged = metrics.counter("policy.usage.not-charged");
    }

    /**
     * Reserves credits for an operation in the caller's transaction and logs the decision that allows it. Asked again
     * for the same operation, it returns the same hold. Empty when the balance or a quota does not suffice, or when
     * the terms are not the latest.
     *
     * @throws HoldCollision when another transaction placed the operation's hold at the same moment
     */
    public Optional<HeldCredits> reserve(Handle handle, TenantId tenant, Terms terms, HoldRequest request) {
        Reserved reserved = holds.reserve(handle, tenant, request, terms.quotas(), config.lifetime());
        if (reserved.collided()) {
            throw new HoldCollision();
        }
        if (reserved.known() != null) {
            Account account = credits.account(handle, tenant);
            return Optional.of(new HeldCredits(
                    reserved.known().decisionId(),
                    reserved.known().credits(),
                    reserved.known().expiresAt(),
                    account.standing().granted(),
                    account.standing().available(),
                    account.standing().held()));
        }
        if (reserved.placed() != null) {
            placed.increment();
        }
        return Optional.ofNullable(reserved.placed());
    }

    /**
     * Charges what an operation used, and returns the first charge when it was charged before. Work done after its hold was
     * released or expired is charged too, as far as the balance allows.
     */
    SettlementResponse settle(TenantId tenant, UUID operation, SettlementRequest request) {
        Terms terms = entitlements.terms(tenant);
        List<RatedLine> lines = Rating.rate(terms.rates(), request.quantities());
        long price = Rating.total(lines);
        Map<String, Long> counted = new HashMap<>(request.quantities());
        counted.keySet().retainAll(terms.quotas().keySet());
        SettlementResponse response = whole(() -> database.inTenant(tenant, handle -> holds.settle(
                        handle,
                        tenant,
                        operation,
                        lines,
                        price,
                        terms.overage().cap(),
                        counted,
                        request.userId(),
                        request.conversationId() == null
                                ? null
                                : request.conversationId().toString())
                .map(done -> announce(handle, tenant, operation, request, lines, price, done))
                .orElseGet(() -> chargedBefore(handle, tenant, operation))));
        settledHere.put(new Operation(tenant, operation), true);
        return response;
    }

    /**
     * Settles again when hold and balance were read as of different moments, which the balance's check constraint
     * refuses: seen when the same operation is released, held again and settled within a millisecond.
     */
    private static <T> T whole(Supplier<T> settlement) {
        for (int attempt = 1; ; attempt++) {
            try {
                return settlement.get();
            } catch (UnableToExecuteStatementException refused) {
                boolean torn =
                        refused.getCause() instanceof SQLException cause && CHECK_VIOLATION.equals(cause.getSQLState());
                if (!torn || attempt == SETTLE_ATTEMPTS) {
                    throw refused;
                }
            }
        }
    }

    /** Charges an operation whose caller did not; nothing happens when it was charged or never held anything. */
    public void settleMissed(TenantId tenant, UUID operation, SettlementRequest request) {
        if (settledHere.getIfPresent(new Operation(tenant, operation)) == null
                && database.inTenant(tenant, handle -> holds.isOpen(handle, tenant, operation))) {
            settle(tenant, operation, request);
        }
    }

    /** Gives the credits of a live hold back; otherwise nothing happens. */
    void release(TenantId tenant, UUID operation, String reason) {
        if (database.inTenant(tenant, handle -> holds.release(handle, tenant, operation, reason))) {
            released.increment();
        }
    }

    /** Gives the credits of the tenant's due holds back. */
    void expireDue(TenantId tenant, Instant since) {
        List<HoldExpired> gone = database.inTenant(tenant, handle -> {
            List<HoldExpired> events = holds.expire(handle, tenant, since);
            events.forEach(event -> outbox.append(handle, tenant, event));
            return events;
        });
        expired.increment(gone.size());
    }

    /** The tenants for which {@link #expireDue} has work. */
    List<TenantId> tenantsWithDueHolds(Instant since) {
        return database.acrossTenants(handle -> holds.tenantsWithDueHolds(handle, since));
    }

    /** What happened to the operation's hold. */
    public List<OperationStep> steps(Handle handle, TenantId tenant, UUID operation) {
        return holds.steps(handle, tenant, operation);
    }

    private SettlementResponse announce(
            Handle handle,
            TenantId tenant,
            UUID operation,
            SettlementRequest request,
            List<RatedLine> lines,
            long price,
            Settled done) {
        SettlementResponse response = response(tenant, operation, lines, done.charged(), done.remaining());
        List<UsageSettled.Line> settledLines = response.lines().stream()
                .map(line -> new UsageSettled.Line(
                        line.usageId(), line.meter(), line.quantity(), line.credits(), request.estimated()))
                .toList();
        outbox.append(
                handle,
                tenant,
                new UsageSettled(
                        tenant,
                        operation,
                        request.agent(),
                        request.channel(),
                        done.userId(),
                        done.conversationId(),
                        done.at(),
                        done.charged(),
                        settledLines));
        if (done.warned() > done.warnedBefore()) {
            outbox.append(handle, tenant, new ThresholdReached(tenant, done.warned(), done.remaining()));
        }
        ("held".equals(done.was()) ? settled : settledLate).increment();
        notCharged.increment(price - done.charged());
        return response;
    }

    private SettlementResponse chargedBefore(Handle handle, TenantId tenant, UUID operation) {
        Charge charge =
                holds.findCharge(handle, tenant, operation).orElseThrow(() -> new Problem(HoldProblem.HOLD_NOT_FOUND));
        long remaining = credits.account(handle, tenant).standing().remaining();
        return response(tenant, operation, charge.lines(), charge.charged(), remaining);
    }

    private static SettlementResponse response(
            TenantId tenant, UUID operation, List<RatedLine> lines, long charged, long remaining) {
        return new SettlementResponse(
                charged,
                remaining,
                Rating.limitTo(lines, charged).stream()
                        .map(line -> new SettlementResponse.Line(
                                UsageIds.of(tenant, operation, line.meter()),
                                line.meter(),
                                line.quantity(),
                                line.credits()))
                        .toList());
    }

    private record Operation(TenantId tenant, UUID id) {}
}
