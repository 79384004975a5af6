package dev.parley.channel.inbound;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Stores calls that waited at the same moment, if it can be in one commit. Nobody fails for another's sake, and nobody
 * waits for another's lock more than once: whom a lock keeps back is refused with all of the same thread, as each would
 * have been by itself, and the others go on. For any other failure that is one call's, each is stored by itself.
 */
final class Together {
    private static final int UNAVAILABLE = 503;
    /** That somebody keeps a row locked: only those who need that row have to wait for it. */
    private static final Set<String> OF_A_LOCK = Set.of("55P03", "57014");
    /** As long as a call waits for a connection. Vendors hang up after some more, and send again. */
    private static final long PATIENCE = Duration.ofSeconds(5).toNanos();

    private final ToIntBiFunction<List<Waiting>, Consumer<@Nullable Waiting>> commit;
    private final Consumer<Waiting> alone;
    private final LongSupplier nanoTime;

    /**
     * A call that waits for others.
     *
     * @param since when it began to, as the clock of this tells it
     */
    record Waiting(Call call, Place place, long since) {}

    /**
     * Stores with these.
     *
     * @param commit stores calls in their order, as many as it has time for, in one transaction; names each as it begins
     *     with it, and nobody when it is done with all. Returns how many it stored
     * @param alone stores one
     */
    Together(
            ToIntBiFunction<List<Waiting>, Consumer<@Nullable Waiting>> commit,
            Consumer<Waiting> alone,
            LongSupplier nanoTime) {
        this.commit = commit;
        this.alone = alone;
        this.nanoTime = nanoTime;
    }

    /** Returns why each was not stored, in their order; empty for those that are. */
    List<Optional<RuntimeException>> store(List<Waiting> calls) {
        Map<Waiting, RuntimeException> failures = new IdentityHashMap<>();
        List<Waiting> left = new ArrayList<>(calls);
        left.sort(Comparator.comparing(Waiting::place));
        while (withoutLate(left, failures).size() > 1) {
            Waiting[] current = new Waiting[1];
            try {
                int stored = commit.applyAsInt(left, call -> current[0] = call);
                left.subList(0, stored).clear();
            } catch (Problem problem) {
                fail(left, failures, whose(problem, current[0]), problem);
            } catch (RuntimeException ofOne) {
                break;
            }
        }
        storeEach(left, failures);
        return calls.stream()
                .map(call -> Optional.ofNullable(failures.get(call)))
                .toList();
    }

    private void storeEach(List<Waiting> left, Map<Waiting, RuntimeException> failures) {
        while (!withoutLate(left, failures).isEmpty()) {
            Waiting call = left.getFirst();
            try {
                alone.accept(call);
                left.removeFirst();
            } catch (Problem problem) {
                fail(left, failures, whose(problem, call), problem);
            } catch (RuntimeException failure) {
                fail(left, failures, one -> one == call, failure);
            }
        }
    }

    /** One call's own; its thread's when somebody keeps that locked; everybody's when the database is away. */
    private static Predicate<Waiting> whose(Problem problem, @Nullable Waiting current) {
        if (current == null) {
            return call -> true;
        }
        if (problem.type().status() != UNAVAILABLE) {
            return call -> call == current;
        }
        return OF_A_LOCK.contains(String.valueOf(EventStore.stateOf(problem)))
                ? call -> call.place().equals(current.place())
                : call -> true;
    }

    private List<Waiting> withoutLate(List<Waiting> left, Map<Waiting, RuntimeException> failures) {
        long now = nanoTime.getAsLong();
        if (left.stream().anyMatch(call -> now - call.since() > PATIENCE)) {
            fail(
                    left,
                    failures,
                    call -> now - call.since() > PATIENCE,
                    new Problem(CommonProblem.UNAVAILABLE)
                            .detail("Others are being stored; nothing was done. Try again.")
                            .header("Retry-After", "1"));
        }
        return left;
    }

    private static void fail(
            List<Waiting> left,
            Map<Waiting, RuntimeException> failures,
            Predicate<Waiting> whose,
            RuntimeException failure) {
        left.removeIf(call -> {
            boolean meant = whose.test(call);
            if (meant) {
                failures.put(call, failure);
            }
            return meant;
        });
    }
}
