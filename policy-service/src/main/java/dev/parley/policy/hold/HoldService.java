package dev.parley.policy.hold;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.data.Database;
import dev.parley.platform.data.Groups;
import dev.parley.platform.data.Sweep;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.operation.Trace;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.engine.Meters;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.hold.Closing.Ended;
import dev.parley.policy.hold.Ending.Known;
import dev.parley.policy.hold.HoldRepository.Reserved;
import dev.parley.policy.hold.HoldRow.State;
import dev.parley.policy.lease.HoldToken;
import dev.parley.policy.lease.Lease.Served;
import dev.parley.policy.lease.LeaseService;
import dev.parley.policy.lease.LeasedHold;
import dev.parley.policy.rating.RatedLine;
import dev.parley.policy.rating.Rating;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reserves credits for operations and ends the reservations; each operation is charged at most once. What ends holds of
 * one tenant at the same moment is committed together.
 */
@ApplicationScoped
public class HoldService {
    private static final int MOST_TOGETHER = 256;
    private static final int MOST_ROUNDS = 100;

    private final Database database;
    private final HoldRepository holds;
    private final CreditService credits;
    private final EntitlementService entitlements;
    private final LeaseService leases;
    private final Outbox outbox;
    private final HoldConfig config;
    private final Clock clock;
    private final Groups<TenantId, Ending, Ended> groups;
    private final Cache<Operation, Boolean> settledHere;
    private final Cache<Operation, Long> awaited;
    private final Counter placed;
    private final Counter settled;
    private final Counter settledLate;
    private final Counter released;
    private final Counter expired;
    private final Counter notCharged;
    private final Counter forgotten;

    HoldService(
            Database database,
            HoldRepository holds,
            CreditService credits,
            EntitlementService entitlements,
            LeaseService leases,
            Outbox outbox,
            HoldConfig config,
            Clock clock,
            MeterRegistry metrics) {
        this.database = database;
        this.holds = holds;
        this.credits = credits;
        this.entitlements = entitlements;
        this.leases = leases;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
        this.groups = new Groups<>(MOST_TOGETHER, this::end);
        this.settledHere = Caffeine.newBuilder()
                .maximumSize(config.rememberedSettlements())
                .expireAfterWrite(Duration.ofMinutes(10))
                .build();
        this.awaited = Caffeine.newBuilder()
                .maximumSize(config.rememberedSettlements())
                .expireAfterWrite(Duration.ofMinutes(10))
                .build();
        this.placed = metrics.counter("policy.holds", "outcome", "placed");
        this.settled = metrics.counter("policy.holds", "outcome", "settled");
        this.settledLate = metrics.counter("policy.holds", "outcome", "settled-late");
        this.released = metrics.counter("policy.holds", "outcome", "released");
        this.expired = metrics.counter("policy.holds", "outcome", "expired");
        this.notCharged = metrics.counter("policy.usage.not-charged");
        this.forgotten = metrics.counter("policy.usage.forgotten");
    }

    /**
     * Reserves credits for an operation in the caller's transaction and logs the decision that allows it. Asked again
     * for the same operation, it returns the same hold. Empty when the balance or a quota does not suffice, or when
     * the terms are not the latest.
     *
     * @param whole whether, as long as replicas have credits set aside, less than all that is wanted is nothing
     * @throws HoldCollision when another transaction placed the operation's hold at the same moment
     */
    public Optional<HeldCredits> reserve(
            Handle handle, TenantId tenant, Terms terms, HoldRequest request, boolean whole) {
        Reserved reserved = holds.reserve(handle, tenant, request, terms.quotas(), config.lifetime(), whole);
        if (reserved.collided()) {
            throw new HoldCollision();
        }
        if (reserved.known() != null) {
            return Optional.of(new HeldCredits(
                    reserved.known().decisionId(),
                    reserved.known().credits(),
                    reserved.known().expiresAt(),
                    credits.account(handle, tenant).standing()));
        }
        if (reserved.placed() != null) {
            placed.increment();
        }
        return Optional.ofNullable(reserved.placed());
    }

    /**
     * Reserves credits in this replica's memory, on terms that {@link LeaseService#terms} gave. Empty when only the
     * database can say; so it is whenever the operation asks again.
     */
    public Optional<Served> reserveInMemory(TenantId tenant, Terms terms, LeaseService.Wish wish) {
        return settledHere(tenant, wish.operation())
                ? Optional.empty()
                : leases.hold(tenant, terms, wish, config.lifetime());
    }

    /**
     * The hold that the operation has in this replica's memory and nowhere else: once there is a row, its credits may have
     * left their lease by another replica's hand.
     */
    public Optional<Served> inMemory(TenantId tenant, UUID operation) {
        return leases.find(tenant, operation)
                .filter(live -> !database.inTenant(tenant, handle -> holds.isThere(handle, tenant, operation)));
    }

    /**
     * Charges what an operation used, and returns the first charge when it was charged before. Work done after its hold was
     * released or expired is charged too, as far as the balance allows.
     */
    SettlementResponse settle(TenantId tenant, UUID operation, SettlementRequest request) {
        return settle(tenant, operation, request, known(tenant, operation, request.hold()));
    }

    private SettlementResponse settle(TenantId tenant, UUID operation, SettlementRequest request, Known known) {
        Terms terms = entitlements.terms(tenant);
        List<RatedLine> lines = Rating.rate(terms.ratesOf(request.agent()), request.quantities());
        Map<String, Long> counted =
                Meters.counted(request.quantities(), terms.quotas().keySet());
        Ended ended = groups.run(
                tenant,
                new Ending.Settle(
                        operation,
                        known,
                        request,
                        lines,
                        Rating.total(lines),
                        terms.overage().cap(),
                        counted,
                        Trace.traceparent()));
        if (ended.row() == null) {
            throw new Problem(HoldProblem.HOLD_NOT_FOUND);
        }
        return response(tenant, ended);
    }

    private Known known(TenantId tenant, UUID operation, @Nullable String token) {
        return new Known(
                leases.read(tenant, operation, token).orElse(null),
                leases.find(tenant, operation).map(Served::hold).orElse(null));
    }

    /**
     * Charges an operation whose caller did not; nothing happens when it was charged, or the tenant never subscribed. Only
     * the caller knows whether it delivered a message: while its hold is there, it has some time to say so (503). After
     * that there was one; a caller that gave the hold back delivered none, but the work was done. An operation that nobody
     * knows is a 503 problem as long as a replica may still log that it was allowed. After that its hold is lost with the
     * replica that had it, and the work is charged without it.
     *
     * @param request without a message, unless who did the work is the caller itself
     * @param usedAt when the work was done
     */
    public void settleMissed(TenantId tenant, UUID operation, SettlementRequest request, Instant usedAt) {
        if (settledHere(tenant, operation)) {
            return;
        }
        Known known = known(tenant, operation, request.hold());
        // Mostly the caller has settled, perhaps elsewhere: a look without locks says so.
        Optional<State> state = known.live() == null
                ? database.inTenant(tenant, handle -> holds.state(handle, tenant, operation))
                : Optional.of(State.HELD);
        if (state.isEmpty() && known.hold() == null) {
            if (entitlements.terms(tenant).version() > 0) {
                settle(tenant, operation, request.withMessage(), forgotten(request, usedAt));
            }
            return;
        }
        switch (state.orElse(State.HELD)) {
            case SETTLED -> {}
            case RELEASED -> settle(tenant, operation, request, known);
            case HELD, EXPIRED -> {
                demandSilence(new Operation(tenant, operation), request);
                settle(tenant, operation, request.withMessage(), known);
            }
        }
    }

    /** The time runs from this replica's first look: no clock of others is asked. */
    private void demandSilence(Operation operation, SettlementRequest request) {
        long first = awaited.get(operation, unknown -> System.nanoTime());
        if (!request.namesMessage()
                && System.nanoTime() - first < config.callerPatience().toNanos()) {
            throw new Problem(CommonProblem.UNAVAILABLE)
                    .detail("Whoever asked for this run may still say what it came to. Try again.")
                    .header("Retry-After", "1");
        }
    }

    /** Whether this replica knows that the operation was charged; that it does not know says nothing. */
    public boolean settledHere(TenantId tenant, UUID operation) {
        return settledHere.getIfPresent(new Operation(tenant, operation)) != null;
    }

    private Known forgotten(SettlementRequest request, Instant usedAt) {
        if (clock.instant().isBefore(usedAt.plus(config.unknownPatience()))) {
            throw new Problem(CommonProblem.UNAVAILABLE)
                    .detail("Nobody has logged yet that this operation was allowed. Try again.")
                    .header("Retry-After", "1");
        }
        forgotten.increment();
        return new Known(HoldToken.forgotten(usedAt.plus(config.lifetime()), request.agent(), request.channel()), null);
    }

    /** Gives the credits of a live hold back; says what was charged when it was settled before. */
    ReleaseResponse release(TenantId tenant, UUID operation, ReleaseRequest request) {
        Ended ended = groups.run(
                tenant, new Ending.Release(operation, known(tenant, operation, request.hold()), request.reason()));
        return ended.row() == null || ended.row().state() != State.SETTLED
                ? ReleaseResponse.NOTHING
                : new ReleaseResponse(ended.row().lines().stream()
                        .collect(Collectors.toMap(RatedLine::meter, RatedLine::quantity, Long::sum)));
    }

    /** Gives the credits of the tenant's due holds back. */
    void expireDue(TenantId tenant, Instant since) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<Ending> due = database.inTenant(tenant, handle -> holds.due(handle, tenant, since)).stream()
                    .<Ending>map(operation -> new Ending.Expire(operation, Known.NOTHING))
                    .toList();
            groups.runAll(tenant, due);
            if (due.size() < HoldRepository.MOST_DUE) {
                return;
            }
        }
    }

    /** Gives back the credits of holds in this replica's memory that have run out. */
    void expireInMemory() {
        endEach(leases.due(), hold -> new Ending.Expire(hold.operation(), new Known(null, hold)));
    }

    /** Makes rows of the holds in this replica's memory, which stops: nothing of them is lost. */
    void handOver() {
        endEach(leases.close(), hold -> new Ending.Keep(hold.operation(), new Known(null, hold)));
    }

    private void endEach(List<LeasedHold> all, Function<LeasedHold, Ending> ending) {
        Map<TenantId, List<Ending>> byTenant = all.stream()
                .collect(Collectors.groupingBy(LeasedHold::tenant, Collectors.mapping(ending, Collectors.toList())));
        Sweep.each(byTenant.keySet(), tenant -> groups.runAll(tenant, byTenant.get(tenant)));
    }

    /** The time by which holds fall due. */
    Instant now() {
        return database.acrossTenants(holds::now);
    }

    /** The tenants for which {@link #expireDue} has work. */
    List<TenantId> tenantsWithDueHolds(Instant since) {
        return database.acrossTenants(handle -> holds.tenantsWithDueHolds(handle, since));
    }

    /** What happened to the operation's hold. */
    public List<OperationStep> steps(Handle handle, TenantId tenant, UUID operation) {
        return holds.steps(handle, tenant, operation);
    }

    /** Ends a group of holds in one transaction. */
    private List<Ended> end(TenantId tenant, List<Ending> asked) {
        List<Ending> endings =
                asked.stream().map(ending -> upToDate(tenant, ending)).toList();
        Optional<List<Ended>> ended = endOrFindShort(tenant, endings, true);
        if (ended.isEmpty()) {
            leases.recall(tenant);
            ended = endOrFindShort(tenant, endings, false);
        }
        List<Ended> results = ended.orElseThrow();
        for (int i = 0; i < results.size(); i++) {
            note(tenant, endings.get(i), results.get(i));
        }
        return results;
    }

    /**
     * Without the hold in memory if that is gone: an earlier group may have ended it while this ending waited, and what it
     * made free must not be taken once more.
     */
    private Ending upToDate(TenantId tenant, Ending ending) {
        LeasedHold live = ending.known().live();
        return live == null
                        || leases.find(tenant, live.operation())
                                .map(Served::hold)
                                .filter(live::equals)
                                .isPresent()
                ? ending
                : ending.knowing(new Known(live.named(), null));
    }

    /** Empty when a replica has set aside for nobody what one of them needs, and nothing was done. */
    private Optional<List<Ended>> endOrFindShort(TenantId tenant, List<Ending> endings, boolean orFindShort) {
        Map<UUID, Long> servedHere = leases.served(tenant);
        return database.inTenant(tenant, handle -> {
            Set<UUID> operations =
                    endings.stream().map(Ending::operation).collect(Collectors.toCollection(HashSet::new));
            HoldRepository.Locked locked = holds.lock(handle, tenant, servedHere, operations);
            Tally tally = locked.tally();
            Map<UUID, HoldRow> rows = locked.rows();
            operations.removeAll(rows.keySet());
            endings.stream()
                    .filter(ending -> Closing.counts(ending.known().hold(), tally.at()))
                    .forEach(ending -> operations.remove(ending.operation()));
            Closing closing =
                    new Closing(tally, rows, holds.findDecided(handle, tenant, operations, config.lifetime()));
            List<Ended> results = new ArrayList<>();
            List<Outbox.Entry> events = new ArrayList<>();
            for (Ending ending : endings) {
                if (orFindShort && closing.isShort(ending)) {
                    return Optional.empty();
                }
                Ended ended = closing.apply(ending);
                results.add(ended);
                tell(tenant, ending, ended, events);
            }
            if (!events.isEmpty() || results.stream().anyMatch(Ended::done)) {
                holds.write(handle, tenant, closing, config.lifetime());
                outbox.appendEach(handle, tenant, events);
            }
            return Optional.of(results);
        });
    }

    private static void tell(TenantId tenant, Ending ending, Ended ended, List<Outbox.Entry> events) {
        HoldRow row = ended.row();
        if (!ended.done() || row == null) {
            return;
        }
        String trace = null;
        if (ending instanceof Ending.Settle settle) {
            trace = settle.traceparent();
            events.add(new Outbox.Entry(settledEvent(tenant, settle, ended), row.operation(), trace));
        } else if (ending instanceof Ending.Expire) {
            DomainEvent event = new HoldExpired(tenant, row.operation(), row.credits());
            events.add(new Outbox.Entry(event, row.operation(), null));
        }
        if (ended.warned() > ended.warnedBefore()) {
            DomainEvent event = new ThresholdReached(tenant, ended.warned(), ended.remaining());
            events.add(new Outbox.Entry(event, row.operation(), trace));
        }
    }

    private static UsageSettled settledEvent(TenantId tenant, Ending.Settle settle, Ended ended) {
        HoldRow row = ended.row();
        return new UsageSettled(
                tenant,
                row.operation(),
                settle.request().agent(),
                settle.request().channel(),
                row.userId(),
                row.conversationId(),
                ended.at(),
                row.charged(),
                response(tenant, ended).lines().stream()
                        .map(line -> new UsageSettled.Line(
                                line.usageId(),
                                line.meter(),
                                line.quantity(),
                                line.credits(),
                                settle.request().estimated()))
                        .toList(),
                ended.granted(),
                ended.remaining(),
                ended.inUse());
    }

    /** What follows once it is committed. */
    private void note(TenantId tenant, Ending ending, Ended ended) {
        HoldRow row = ended.row();
        if (row == null) {
            return;
        }
        boolean onlyTheRow = ending instanceof Ending.Expire && ending.known().live() == null;
        if (!onlyTheRow) {
            leases.ended(tenant, row.operation(), row.outOfLeases());
        }
        if (row.state() == State.SETTLED) {
            settledHere.put(new Operation(tenant, row.operation()), true);
        }
        if (ended.done()) {
            switch (ending) {
                case Ending.Settle settle -> {
                    boolean late = ended.was() == State.RELEASED || ended.was() == State.EXPIRED;
                    (late ? settledLate : settled).increment();
                    notCharged.increment(settle.price() - row.charged());
                }
                case Ending.Release release -> released.increment();
                case Ending.Expire expire -> expired.increment();
                case Ending.Keep keep -> placed.increment();
            }
        }
    }

    private static SettlementResponse response(TenantId tenant, Ended ended) {
        HoldRow row = ended.row();
        return new SettlementResponse(
                row.charged(),
                ended.remaining(),
                Rating.limitTo(row.lines(), row.charged()).stream()
                        .map(line -> new SettlementResponse.Line(
                                UsageIds.of(tenant, row.operation(), line.meter()),
                                line.meter(),
                                line.quantity(),
                                line.credits()))
                        .toList());
    }

    private record Operation(TenantId tenant, UUID id) {}
}
