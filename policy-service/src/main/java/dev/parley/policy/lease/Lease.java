package dev.parley.policy.lease;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Terms;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One slice of a tenant's credits in the memory of this replica. What is free of it and what operations hold of it is
 * never more than the lease's row says, because a hold leaves the row before it leaves this memory. Knows no database
 * and no clock: the caller says what time it is.
 */
public final class Lease {
    private final TenantId tenant;
    private final UUID id;
    private final Terms terms;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, LeasedHold> holds = new LinkedHashMap<>();
    private long free;
    private long served;
    private long slice;
    private long largest;
    private long validUntil;
    private long usedAt;
    private boolean open = true;
    private boolean taken;
    private boolean abandoned;
    private Figures figures = Figures.NONE;

    /** A lease without credits yet, on these terms. */
    public Lease(TenantId tenant, UUID id, Terms terms) {
        this.tenant = tenant;
        this.id = id;
        this.terms = terms;
    }

    /**
     * Where the tenant's balance stood when this replica looked last.
     *
     * @param held by operations, not counting those of this lease
     */
    public record Figures(long granted, long available, long held) {
        static final Figures NONE = new Figures(0, 0, 0);
    }

    /** A hold of this lease, and the balance with it. */
    public record Served(LeasedHold hold, Figures figures) {}

    /** Its name. */
    public UUID id() {
        return id;
    }

    TenantId tenant() {
        return tenant;
    }

    Terms terms() {
        return terms;
    }

    /** Whether a hold may be served at that time. */
    boolean isServing(long now) {
        lock.lock();
        try {
            return open && validUntil - now > 0;
        } finally {
            lock.unlock();
        }
    }

    /** The hold of the operation: the one that it has, or one that is made now if the lease may serve it. */
    public Optional<Served> hold(UUID operation, long credits, long now, Supplier<LeasedHold> maker) {
        lock.lock();
        try {
            LeasedHold known = holds.get(operation);
            if (known == null) {
                if (!open || validUntil - now <= 0 || free < credits) {
                    return Optional.empty();
                }
                known = maker.get();
                holds.put(operation, known);
                free -= credits;
                served += credits;
                largest = Math.max(largest, credits);
                usedAt = now;
            }
            return Optional.of(new Served(known, withOwn()));
        } finally {
            lock.unlock();
        }
    }

    private Figures withOwn() {
        return new Figures(figures.granted(), figures.available(), figures.held() + served);
    }

    /** The hold that the operation has here. */
    public Optional<Served> find(UUID operation) {
        lock.lock();
        try {
            return Optional.ofNullable(holds.get(operation)).map(hold -> new Served(hold, withOwn()));
        } finally {
            lock.unlock();
        }
    }

    /** Adds credits that the row got; false when the lease was closed meanwhile, and the credits must go back. */
    public boolean grow(long credits, long validTo, Figures seen) {
        lock.lock();
        try {
            if (!open) {
                return false;
            }
            free += credits;
            slice = credits;
            validUntil = validTo;
            figures = seen;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Notes that the row lives longer. */
    public void renewed(long validTo) {
        lock.lock();
        try {
            validUntil = validTo;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets a hold that ended.
     *
     * @param out the decisions whose holds' credits have left their lease; when this hold's is not among them, its credits
     *     are free here again
     */
    public void forget(UUID operation, Set<UUID> out) {
        lock.lock();
        try {
            LeasedHold gone = holds.remove(operation);
            if (gone != null) {
                served -= gone.credits();
                if (!out.contains(gone.decision())) {
                    free += gone.credits();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Serves nothing any more. */
    void close() {
        lock.lock();
        try {
            open = false;
        } finally {
            lock.unlock();
        }
    }

    /** Serves nothing any more and is not renewed: nobody knows what its row says, which ends by its time. */
    void abandon() {
        lock.lock();
        try {
            open = false;
            abandoned = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes the lease and takes out what nobody holds, to be given back. Empty when somebody else does so already: the
     * row must not say that all was given back before it was.
     */
    public OptionalLong takeFree() {
        lock.lock();
        try {
            boolean first = !taken;
            long credits = free;
            open = false;
            taken = true;
            free = 0;
            return !abandoned && (first || credits > 0) ? OptionalLong.of(credits) : OptionalLong.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The holds that have run out at that time. */
    public List<LeasedHold> due(long now) {
        lock.lock();
        try {
            List<LeasedHold> due = new ArrayList<>();
            for (LeasedHold hold : holds.values()) {
                if (hold.endsAtNanos() - now > 0) {
                    break;
                }
                due.add(hold);
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    /** All its holds. */
    public Collection<LeasedHold> holds() {
        lock.lock();
        try {
            return List.copyOf(holds.values());
        } finally {
            lock.unlock();
        }
    }

    long served() {
        lock.lock();
        try {
            return served;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return holds.size();
        } finally {
            lock.unlock();
        }
    }

    /** What is free; more than nothing in a closed lease must be given back. */
    public long free() {
        lock.lock();
        try {
            return free;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is worth a renewal: it serves, or something is held in it. */
    boolean isAlive() {
        lock.lock();
        try {
            return !abandoned && (open || served > 0 || !holds.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    boolean isOpen() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** Whether so little is left that it is time for more. */
    boolean isLow() {
        lock.lock();
        try {
            return open && free < Math.max(slice / 2, largest);
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing was served since that time. */
    boolean isIdleSince(long time) {
        lock.lock();
        try {
            return usedAt - time < 0;
        } finally {
            lock.unlock();
        }
    }
}
