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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToIntBiFunction;

/**
 * Stores calls that waited at the same moment, if it can be in one commit: in rounds of those that clash with no other of
 * their round, each round at once. When a round fails for a lock, each call is a round of its own, and whom the lock keeps
 * back is refused with all of the same thread, as each would have been by itself, while the others go on. For any other
 * failure that is one call's, each is stored by itself. So nobody fails for another's sake, and nobody waits for another's
 * lock more than twice.
 */
final class Together {
    private static final int UNAVAILABLE = 503;
    /** That somebody keeps a row locked: only those who need that row have to wait for it. */
    private static final Set<String> OF_A_LOCK = Set.of("55P03", "57014");
    /** Longer than two waits for a lock. Vendors hang up after some more, and send again. */
    private static final long PATIENCE = Duration.ofSeconds(8).toNanos();

    private final ToIntBiFunction<List<List<Waiting>>, Consumer<List<Waiting>>> commit;
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
     * @param commit stores rounds in their order, as many as it has time for, in one transaction; names each as it begins
     *     with it, and an empty one when it is done with all. Returns how many rounds it stored
     * @param alone stores one
     */
    Together(
            ToIntBiFunction<List<List<Waiting>>, Consumer<List<Waiting>>> commit,
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
        boolean atOnce = true;
        while (withoutLate(left, failures).size() > 1) {
            List<List<Waiting>> rounds =
                    atOnce ? rounds(left) : left.stream().map(List::of).toList();
            AtomicReference<List<Waiting>> current = new AtomicReference<>(List.of());
            try {
                int stored = commit.applyAsInt(rounds, current::set);
                rounds.subList(0, stored).forEach(left::removeAll);
            } catch (Problem problem) {
                if (current.get().size() > 1 && !isEverybodys(problem)) {
                    atOnce = false;
                } else {
                    fail(left, failures, whose(problem, current.get()), problem);
                }
            } catch (RuntimeException ofOne) {
                break;
            }
        }
        storeEach(left, failures);
        return calls.stream()
                .map(call -> Optional.ofNullable(failures.get(call)))
                .toList();
    }

    /** Each in the first round after all that it clashes with. */
    private static List<List<Waiting>> rounds(List<Waiting> calls) {
        List<List<Waiting>> rounds = new ArrayList<>();
        for (Waiting call : calls) {
            int place = rounds.size();
            while (place > 0
                    && rounds.get(place - 1).stream()
                            .noneMatch(other -> call.place().clashesWith(other.place()))) {
                place--;
            }
            if (place == rounds.size()) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(place).add(call);
        }
        return rounds;
    }

    private void storeEach(List<Waiting> left, Map<Waiting, RuntimeException> failures) {
        while (!withoutLate(left, failures).isEmpty()) {
            Waiting call = left.getFirst();
            try {
                alone.accept(call);
                left.removeFirst();
            } catch (Problem problem) {
                fail(left, failures, whose(problem, List.of(call)), problem);
            } catch (RuntimeException failure) {
                fail(left, failures, one -> one == call, failure);
            }
        }
    }

    /** One call's own; its thread's when somebody keeps that locked; everybody's when the database is away. */
    private static Predicate<Waiting> whose(Problem problem, List<Waiting> current) {
        if (current.isEmpty() || isEverybodys(problem)) {
            return call -> true;
        }
        Waiting one = current.getFirst();
        return problem.type().status() == UNAVAILABLE ? call -> call.place().equals(one.place()) : call -> call == one;
    }

    private static boolean isEverybodys(Problem problem) {
        return problem.type().status() == UNAVAILABLE
                && !OF_A_LOCK.contains(String.valueOf(EventStore.stateOf(problem)));
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
