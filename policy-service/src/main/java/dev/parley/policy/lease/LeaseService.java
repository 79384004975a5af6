package dev.parley.policy.lease;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.data.Database;
import dev.parley.platform.data.Sweep;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.bulletin.Bulletin;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.lease.Lease.Served;
import dev.parley.policy.lease.LeaseRepository.Renewal;
import dev.parley.policy.lease.LeaseRepository.Slice;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Serves holds from memory out of leases, where credits are plenty; ADR 0013 says why that can never give more than
 * there is.
 */
@ApplicationScoped
public class LeaseService {
    private static final int MOST_LOOKS = 10;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(40);
    private static final Logger LOG = Logger.getLogger(LeaseService.class);
    private static final int SLICE_IN_HOLDS = 32;
    private static final Duration VAIN = Duration.ofSeconds(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    private final Database database;
    private final LeaseRepository leases;
    private final Bulletin bulletin;
    private final HoldTokens tokens;
    private final LeaseConfig config;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final UUID replica = Ids.next();
    private final ConcurrentHashMap<TenantId, Desk> desks = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<TenantId, CompletableFuture<Void>> recalls = new ConcurrentHashMap<>();
    private final Cache<TenantId, Boolean> vain =
            Caffeine.newBuilder().expireAfterWrite(VAIN).maximumSize(10_000).build();
    private final Counter served;
    private final Counter taken;
    private final Counter recalled;
    private volatile int inMemory;
    private volatile boolean stopping;

    @Inject
    LeaseService(
            Database database,
            LeaseRepository leases,
            Bulletin bulletin,
            HoldTokens tokens,
            LeaseConfig config,
            Clock clock,
            MeterRegistry metrics) {
        this(database, leases, bulletin, tokens, config, clock, System::nanoTime, metrics);
    }

    LeaseService(
            Database database,
            LeaseRepository leases,
            Bulletin bulletin,
            HoldTokens tokens,
            LeaseConfig config,
            Clock clock,
            LongSupplier nanoTime,
            MeterRegistry metrics) {
        this.database = database;
        this.leases = leases;
        this.bulletin = bulletin;
        this.tokens = tokens;
        this.config = config;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.served = metrics.counter("policy.lease.holds");
        this.taken = metrics.counter("policy.lease.slices", "outcome", "taken");
        this.recalled = metrics.counter("policy.lease.slices", "outcome", "recalled");
        metrics.gauge("policy.lease.tenants", desks, Map::size);
        bulletin.addReader(new Ending());
    }

    /**
     * What an operation wants to hold.
     *
     * @param credits all that it may cost; a lease gives all of it or nothing
     */
    public record Wish(
            UUID operation,
            String agent,
            String channel,
            @Nullable String userId,
            @Nullable String conversationId,
            long credits) {}

    /** The terms that holds of the tenant are served on from memory at this moment; empty when none are. */
    public Optional<Terms> terms(TenantId tenant) {
        Desk desk = desks.get(tenant);
        Lease lease = desk == null || !bulletin.isCurrent() ? null : desk.serving(nanoTime.getAsLong());
        return lease == null ? Optional.empty() : Optional.of(lease.terms());
    }

    /**
     * Holds credits in memory, on terms that {@link #terms} gave. Empty when a statement must decide, and when the
     * operation has a hold here: only its row says whether the credits are still set aside.
     */
    public Optional<Served> hold(TenantId tenant, Terms terms, Wish wish, Duration lifetime) {
        Desk desk = desks.get(tenant);
        long now = nanoTime.getAsLong();
        Lease lease = desk == null || !bulletin.isCurrent() ? null : desk.serving(now);
        if (lease == null || lease.terms().policyVersion() != terms.policyVersion()) {
            return Optional.empty();
        }
        if (inMemory >= config.mostHolds() || desk.find(wish.operation()).isPresent()) {
            return Optional.empty();
        }
        Optional<Served> hold =
                lease.hold(wish.operation(), wish.credits(), now, () -> make(desk, lease, wish, lifetime, now));
        if (lease.isLow()) {
            growSoon(desk, terms, wish.credits());
        }
        return hold;
    }

    private LeasedHold make(Desk desk, Lease lease, Wish wish, Duration lifetime, long now) {
        TenantId tenant = desk.tenant();
        desk.count(wish.credits(), now);
        served.increment();
        UUID decision = Ids.next();
        Instant expiresAt = clock.instant().plus(lifetime).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        HoldToken token = new HoldToken(decision, lease.id(), wish.credits(), expiresAt, wish.agent(), wish.channel());
        return new LeasedHold(
                tenant,
                wish.operation(),
                decision,
                lease.id(),
                wish.credits(),
                wish.agent(),
                wish.channel(),
                wish.userId(),
                wish.conversationId(),
                expiresAt,
                now + lifetime.toNanos(),
                tokens.sign(tenant, wish.operation(), token));
    }

    /** The hold that the operation has in this replica's memory. */
    public Optional<Served> find(TenantId tenant, UUID operation) {
        Desk desk = desks.get(tenant);
        return desk == null ? Optional.empty() : desk.find(operation);
    }

    /** What the hold's name says, if it is a hold in a lease. */
    public Optional<HoldToken> read(TenantId tenant, UUID operation, @Nullable String token) {
        return tokens.read(tenant, operation, token);
    }

    /** Notes that a statement held credits: a tenant that does so often is worth a lease. */
    public void heldByStatement(TenantId tenant, Terms terms, long credits) {
        if (!bulletin.isCurrent() || stopping) {
            return;
        }
        Desk desk = desks.computeIfAbsent(tenant, Desk::new);
        long now = nanoTime.getAsLong();
        if (desk.count(credits, now) >= config.worthAfter()) {
            Lease open = desk.open();
            if (open == null || open.isLow()) {
                growSoon(desk, terms, credits);
            }
        }
    }

    private void growSoon(Desk desk, Terms terms, long credits) {
        if (desk.beginGrowing(nanoTime.getAsLong())) {
            Thread.startVirtualThread(() -> {
                boolean grown = false;
                try {
                    grown = grow(desk, terms, credits);
                } finally {
                    desk.endGrowing(grown, nanoTime.getAsLong());
                }
            });
        }
    }

    /** Takes a slice now, beside what there is; returns whether there was one to be had. */
    boolean grow(TenantId tenant, Terms terms, long largest) {
        return grow(desks.computeIfAbsent(tenant, Desk::new), terms, largest);
    }

    private boolean grow(Desk desk, Terms terms, long largest) {
        TenantId tenant = desk.tenant();
        int generation = desk.generation();
        Lease open = desk.open();
        Lease lease = open != null && open.terms().policyVersion() == terms.policyVersion()
                ? open
                : new Lease(tenant, Ids.next(), terms);
        long before = nanoTime.getAsLong();
        long least = Math.max(1, largest);
        long most = Math.max(SLICE_IN_HOLDS * least, 2 * desk.spentLately());
        Slice slice;
        try {
            slice = database.inTenant(tenant, handle -> {
                Optional<Slice> found = leases.take(
                        handle,
                        tenant,
                        lease.id(),
                        lease != open,
                        replica,
                        terms.policyVersion(),
                        least,
                        most,
                        terms.overage().cap(),
                        config.share(),
                        config.lifetime());
                if (found.isPresent() && !found.get().written()) {
                    throw new LeaseEnded();
                }
                return found.orElse(null);
            });
        } catch (LeaseEnded ended) {
            giveBack(lease);
            return false;
        } catch (RuntimeException unknown) {
            LOG.debugf("a lease serves nothing more: %s", unknown.getMessage());
            lease.close();
            return false;
        }
        if (slice == null) {
            return false;
        }
        taken.increment();
        long validTo = before + config.lifetime().minus(config.margin()).toNanos();
        if (!lease.grow(slice.credits(), validTo, slice.figures())) {
            giveBack(lease, slice.credits());
            return false;
        }
        if (lease != open && isWanted(desk, generation)) {
            desk.add(lease);
        }
        if (!isWanted(desk, generation)) {
            giveBack(lease);
            return false;
        }
        return true;
    }

    /** Whether nothing ended the tenant's leases since then. */
    private boolean isWanted(Desk desk, int generation) {
        return desk.generation() == generation && desks.get(desk.tenant()) == desk && !stopping;
    }

    /**
     * Forgets the hold of an operation that ended.
     *
     * @param out the decisions whose holds' credits have left their lease, as the operation's row says
     */
    public void ended(TenantId tenant, UUID operation, Set<UUID> out) {
        Desk desk = desks.get(tenant);
        if (desk != null) {
            desk.leases().forEach(lease -> lease.forget(operation, out));
        }
    }

    /** What operations hold in this replica's leases of the tenant, by lease. */
    public Map<UUID, Long> served(TenantId tenant) {
        Desk desk = desks.get(tenant);
        Map<UUID, Long> figures = new HashMap<>();
        if (desk != null) {
            desk.leases().forEach(lease -> figures.put(lease.id(), lease.served()));
        }
        return figures;
    }

    List<Lease> leasesOf(TenantId tenant) {
        Desk desk = desks.get(tenant);
        return desk == null ? List.of() : desk.leases();
    }

    /** The holds in memory that have run out; they stay until {@link #ended} is told of them. */
    public List<LeasedHold> due() {
        long now = nanoTime.getAsLong();
        List<LeasedHold> due = new ArrayList<>();
        desks.values().forEach(desk -> desk.leases().forEach(lease -> due.addAll(lease.due(now))));
        return due;
    }

    /**
     * Brings back what replicas have set aside of the tenant's credits and nobody holds, as far as they answer in time.
     * Afterwards a statement can say whether there is enough.
     */
    public void recall(TenantId tenant) {
        // Also for whoever joins a recall, or does without one: a slice may have been taken since that one began.
        Desk own = desks.get(tenant);
        if (own != null) {
            end(own);
        }
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> first = recalls.putIfAbsent(tenant, mine);
        if (first != null) {
            first.join();
            return;
        }
        try {
            if (vain.getIfPresent(tenant) == null) {
                recallNow(tenant);
            }
        } finally {
            recalls.remove(tenant, mine);
            mine.complete(null);
        }
    }

    private void recallNow(TenantId tenant) {
        recalled.increment();
        boolean others = database.inTenant(tenant, handle -> {
            leases.reclaim(handle, tenant);
            boolean some = leases.isRecallable(handle, tenant);
            if (some) {
                bulletin.tellRecalled(handle, tenant);
            }
            return some;
        });
        long until = System.nanoTime() + config.recallPatience().toNanos();
        while (others && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
            others = database.inTenant(tenant, handle -> leases.isRecallable(handle, tenant));
        }
        if (others) {
            vain.put(tenant, true);
        }
    }

    /** Serves nothing more of the tenant from memory, and gives back what nobody holds. */
    private void end(Desk desk) {
        desk.nextGeneration();
        desk.leases().stream().filter(Lease::isOpen).forEach(this::giveBack);
    }

    private void giveBack(Lease lease) {
        lease.takeFree().ifPresent(credits -> giveBack(lease, credits));
    }

    private void giveBack(Lease lease, long credits) {
        try {
            database.useTenant(lease.tenant(), handle -> leases.giveBack(handle, lease.tenant(), lease.id(), credits));
        } catch (RuntimeException unknown) {
            // The row says at most more than there is here: what is held stays covered, the rest ends with the lease.
            LOG.debugf("a lease keeps its row until its holds have ended: %s", unknown.getMessage());
        }
    }

    /**
     * Renews what is alive and forgets what is over. What is idle is given back afterwards and by others, because whoever
     * gives back waits for the tenant's balance, and no tenant's lease may end for another one's sake.
     */
    void renew(Executor others) {
        long now = nanoTime.getAsLong();
        List<Lease> alive = new ArrayList<>();
        List<Lease> unwanted = new ArrayList<>();
        int count = 0;
        for (Desk desk : desks.values()) {
            for (Lease lease : desk.leases()) {
                count += lease.size();
                if (lease.isOpen() && lease.isIdleSince(now - config.lifetime().toNanos())) {
                    unwanted.add(lease);
                } else if (!lease.isOpen() && lease.free() > 0) {
                    unwanted.add(lease);
                }
                if (lease.isAlive()) {
                    alive.add(lease);
                }
            }
            desk.tidy();
            desks.computeIfPresent(desk.tenant(), (tenant, known) -> known.isUnused(now) ? null : known);
        }
        inMemory = count;
        if (!alive.isEmpty()) {
            unwanted.addAll(renew(alive));
        }
        unwanted.forEach(lease -> others.execute(() -> giveBack(lease)));
    }

    /**
     * Renews these and returns those that somebody ended. Settlements lock a busy tenant's lease most of the time, each
     * for moments, so what is locked is looked at again; a lock that stands still holds nobody else's renewal up.
     */
    private List<Lease> renew(List<Lease> alive) {
        List<Lease> ended = new ArrayList<>();
        List<Lease> locked = renewUnlocked(alive, ended);
        for (int look = 1; look < MOST_LOOKS && !locked.isEmpty(); look++) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            locked = renewUnlocked(locked, ended);
        }
        return ended;
    }

    /** Returns those whose rows somebody has locked. */
    private List<Lease> renewUnlocked(List<Lease> alive, List<Lease> ended) {
        long before = nanoTime.getAsLong();
        Map<UUID, Renewal> renewals = database.acrossTenants(handle -> leases.renew(handle, alive, config.lifetime()));
        long validTo = before + config.lifetime().minus(config.margin()).toNanos();
        List<Lease> locked = new ArrayList<>();
        for (Lease lease : alive) {
            Renewal renewal = renewals.get(lease.id());
            if (renewal == null) {
                lease.abandon();
            } else if (renewal == Renewal.BUSY) {
                locked.add(lease);
            } else {
                lease.renewed(validTo);
                if (renewal == Renewal.ENDED && lease.isOpen()) {
                    ended.add(lease);
                }
            }
        }
        return locked;
    }

    /** Takes away the leases of replicas that are dead. */
    void reclaim() {
        Sweep.each(
                database.acrossTenants(leases::tenantsWithDeadLeases),
                tenant -> database.useTenant(tenant, handle -> leases.reclaim(handle, tenant)));
    }

    /** Ends all leases, for good, and returns the holds that are still in memory. */
    public List<LeasedHold> close() {
        stopping = true;
        List<LeasedHold> left = new ArrayList<>();
        desks.values().forEach(desk -> {
            end(desk);
            desk.leases().forEach(lease -> left.addAll(lease.holds()));
        });
        return left;
    }

    /** Ends leases when their terms change or their credits are needed; the memory at once, the rows soon after. */
    private final class Ending implements Bulletin.Reader {
        @Override
        public void termsChanged(TenantId tenant) {
            Desk desk = desks.get(tenant);
            if (desk != null) {
                end(desk);
            }
        }

        @Override
        public void recalled(TenantId tenant) {
            termsChanged(tenant);
        }

        @Override
        public void missedSome() {
            desks.values().forEach(this::end);
        }

        private void end(Desk desk) {
            desk.nextGeneration();
            List<Lease> open = desk.leases().stream().filter(Lease::isOpen).toList();
            open.forEach(Lease::close);
            if (!open.isEmpty()) {
                Thread.startVirtualThread(() -> open.forEach(LeaseService.this::giveBack));
            }
        }
    }

    /** The row of a lease takes no more credits; nothing was taken. */
    private static final class LeaseEnded extends RuntimeException {
        LeaseEnded() {
            super("the lease has ended", null, false, false);
        }
    }
}
