package dev.parley.policy.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.hold.Ending.Known;
import dev.parley.policy.hold.HoldRow.State;
import dev.parley.policy.lease.HoldToken;
import dev.parley.policy.lease.Lease;
import dev.parley.policy.lease.LeasedHold;
import dev.parley.policy.rating.RatedLine;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Every state that two replicas can reach with one tenant of a few credits and two operations, whatever holds, settles,
 * is released, runs out, is given back, dies or is taken away, in any order. The memory and the arithmetic are those of
 * the service; of the database there are only the conditions of its statements.
 */
class SmallModelTest {
    private static final TenantId TENANT = new TenantId(new UUID(0, 1));
    private static final Terms TERMS = Terms.withoutSubscription(1, false);
    private static final Instant NOW = Instant.EPOCH;
    private static final Size SMALL = new Size(3, 2, 2);
    private static final int DEEPEST = Integer.getInteger("model.depth", 7);

    /** How much there is of everything. */
    record Size(int credits, int replicas, int operations) {}

    record Step(String what, int replica, int operation, int amount) {
        @Override
        public String toString() {
            return what + "(" + replica + "," + operation + "," + amount + ")";
        }
    }

    /** What one replica has in memory; a lease that it may not serve from any more stays for its holds. */
    private static final class Memory {
        Lease lease;
        boolean mayServe;
        boolean mayRenew;
        final List<Lease> old = new ArrayList<>();

        List<Lease> all() {
            List<Lease> all = new ArrayList<>(old);
            if (lease != null) {
                all.add(lease);
            }
            return all;
        }
    }

    static final class World {
        final Size size;
        long available;
        long held;
        long leased;
        long drawn;
        long next = 100;
        final Map<UUID, long[]> leases = new LinkedHashMap<>();
        final Map<UUID, HoldRow> rows = new TreeMap<>();
        final Map<UUID, Integer> charges = new HashMap<>();
        final Map<UUID, Set<HoldToken>> tokens = new TreeMap<>();
        final Memory[] memories;

        World(Size size) {
            this.size = size;
            this.available = size.credits();
            this.memories = new Memory[size.replicas()];
            for (int i = 0; i < size.replicas(); i++) {
                memories[i] = new Memory();
            }
        }

        private static UUID operation(int i) {
            return new UUID(1, i);
        }

        private UUID fresh() {
            return new UUID(2, next++);
        }

        private long free() {
            return available - held - leased;
        }

        /** Does the step if it can be done; returns whether it changed anything. */
        boolean does(Step step) {
            UUID operation = operation(step.operation());
            Memory memory = memories[step.replica()];
            return switch (step.what()) {
                case "take" -> take(memory);
                case "serve" -> serve(memory, operation);
                case "place" -> place(operation);
                case "settle" -> settle(step, memory, operation);
                case "release" -> end(memory, new Ending.Release(operation, known(memory, operation, 0), "test"));
                case "runOut" -> runOut(memory, operation);
                case "rowRunsOut" ->
                    rows.containsKey(operation) && end(new Memory(), new Ending.Expire(operation, Known.NOTHING));
                case "giveBack" -> giveBack(memory);
                case "die" -> die(step.replica());
                case "takeAway" -> takeAway(memory);
                case "stop" -> stop(step.replica());
                default -> throw new IllegalArgumentException(step.what());
            };
        }

        private boolean take(Memory memory) {
            if (free() < 1 || memory.lease != null && !memory.mayServe) {
                return false;
            }
            if (memory.lease == null) {
                memory.lease = new Lease(TENANT, fresh(), TERMS);
                memory.mayServe = true;
            } else if (!leases.containsKey(memory.lease.id())) {
                return false;
            }
            leased++;
            leases.computeIfAbsent(memory.lease.id(), id -> new long[1])[0]++;
            return memory.lease.grow(1, Long.MAX_VALUE, new Lease.Figures(size.credits(), available, held));
        }

        private boolean serve(Memory memory, UUID operation) {
            boolean elsewhere =
                    memory.old.stream().anyMatch(lease -> lease.find(operation).isPresent());
            if (memory.lease == null || !memory.mayServe || elsewhere) {
                return false;
            }
            boolean known = memory.lease.find(operation).isPresent();
            Lease lease = memory.lease;
            Optional<Lease.Served> served = lease.hold(operation, 1, 0, () -> hold(lease, operation));
            served.ifPresent(one -> tokens.computeIfAbsent(operation, key -> new HashSet<>())
                    .add(one.hold().named()));
            return served.isPresent() && !known;
        }

        private LeasedHold hold(Lease lease, UUID operation) {
            return new LeasedHold(TENANT, operation, fresh(), lease.id(), 1, "a", "c", null, null, NOW, 0, "token");
        }

        /** As the statement: not when there is a live or settled row, and only for what is free. */
        private boolean place(UUID operation) {
            HoldRow row = rows.get(operation);
            if (free() < 1 || row != null && (row.state() == State.HELD || row.state() == State.SETTLED)) {
                return false;
            }
            held++;
            rows.put(
                    operation,
                    new HoldRow(
                            operation,
                            fresh(),
                            State.HELD,
                            1,
                            Map.of(),
                            null,
                            true,
                            "a",
                            "c",
                            null,
                            null,
                            NOW,
                            null,
                            null,
                            null,
                            null,
                            row == null ? Set.of() : row.outOfLeases()));
            return true;
        }

        private Known known(Memory memory, UUID operation, int whichToken) {
            LeasedHold live = memory.all().stream()
                    .flatMap(lease -> lease.find(operation).stream())
                    .map(Lease.Served::hold)
                    .findFirst()
                    .orElse(null);
            List<HoldToken> named = List.copyOf(tokens.getOrDefault(operation, Set.of()));
            return new Known(whichToken < named.size() ? named.get(whichToken) : null, live);
        }

        private boolean settle(Step step, Memory memory, UUID operation) {
            Known known = known(memory, operation, step.amount() / 2);
            long price = 1 + step.amount() % 2;
            HoldRow before = rows.get(operation);
            boolean done = end(
                    memory,
                    new Ending.Settle(
                            operation,
                            known,
                            new SettlementRequest(Map.of(), false, "a", "c", null, null, null, null),
                            List.of(new RatedLine("m", price, price)),
                            price,
                            0,
                            Map.of(),
                            null));
            if (done && (before == null || before.state() != State.SETTLED)) {
                charges.merge(operation, 1, Integer::sum);
            }
            return done;
        }

        private boolean runOut(Memory memory, UUID operation) {
            Known known = known(memory, operation, Integer.MAX_VALUE);
            return known.live() != null && end(memory, new Ending.Expire(operation, known));
        }

        private boolean end(Memory memory, Ending ending) {
            Map<UUID, Tally.Part> parts = new HashMap<>();
            leases.forEach((id, credits) -> parts.put(id, new Tally.Part(credits[0], 0, true)));
            Tally tally = new Tally(NOW, size.credits(), available, held, leased, drawn, 0, null, Map.of(), parts);
            Closing closing = new Closing(tally, rows, Map.of());
            Closing.Ended ended = closing.apply(ending);
            available = tally.available();
            held = tally.held();
            leased = tally.leased();
            drawn = tally.drawn();
            tally.changedLeases().forEach((id, part) -> leases.get(id)[0] = part.credits());
            closing.added().forEach(row -> rows.put(row.operation(), due(row)));
            closing.changed().forEach(row -> rows.put(row.operation(), due(row)));
            boolean forgot = false;
            if (ended.row() != null) {
                for (Lease lease : memory.all()) {
                    forgot |= lease.find(ending.operation()).isPresent();
                    lease.forget(ending.operation(), ended.row().outOfLeases());
                }
            }
            return ended.done() || forgot;
        }

        private static HoldRow due(HoldRow row) {
            return new HoldRow(
                    row.operation(),
                    row.decision(),
                    row.state(),
                    row.credits(),
                    row.claims(),
                    row.claimedIn(),
                    true,
                    row.agent(),
                    row.channel(),
                    row.userId(),
                    row.conversationId(),
                    row.expiresAt(),
                    row.rated(),
                    row.charged(),
                    row.lines(),
                    row.closeReason(),
                    row.outOfLeases());
        }

        /** The owner ends its lease and gives back what nobody holds, as after a recall or a change of terms. */
        private boolean giveBack(Memory memory) {
            if (memory.lease == null) {
                return memory.old.stream().map(this::giveBack).reduce(false, Boolean::logicalOr);
            }
            giveBack(memory.lease);
            memory.old.add(memory.lease);
            memory.lease = null;
            return true;
        }

        private boolean giveBack(Lease lease) {
            long credits = lease.takeFree().orElse(0);
            long[] row = leases.get(lease.id());
            if (row != null) {
                row[0] -= credits;
                leased -= credits;
            }
            return row != null && credits > 0;
        }

        private boolean die(int replica) {
            boolean had = !memories[replica].all().isEmpty();
            memories[replica] = new Memory();
            return had;
        }

        /** The replica slept, or its database was away: the rows of its leases are gone, and its clock tells it so. */
        private boolean takeAway(Memory memory) {
            Set<UUID> alive = new HashSet<>();
            for (Memory one : memories) {
                if (one != memory) {
                    one.all().forEach(lease -> alive.add(lease.id()));
                }
            }
            boolean any = leases.entrySet().removeIf(lease -> {
                boolean gone = !alive.contains(lease.getKey());
                leased -= gone ? lease.getValue()[0] : 0;
                return gone;
            });
            if (memory.lease != null) {
                memory.old.add(memory.lease);
                memory.lease = null;
                any = true;
            }
            return any;
        }

        private boolean stop(int replica) {
            Memory memory = memories[replica];
            if (memory.all().isEmpty()) {
                return false;
            }
            giveBack(memory);
            for (Lease lease : memory.all()) {
                for (LeasedHold hold : lease.holds()) {
                    end(memory, new Ending.Keep(hold.operation(), new Known(null, hold)));
                }
            }
            return die(replica) | true;
        }

        void check() {
            assertThat(available + drawn).as("credits").isEqualTo(size.credits());
            assertThat(held)
                    .as("held")
                    .isEqualTo(rows.values().stream()
                            .filter(row -> row.state() == State.HELD)
                            .mapToLong(HoldRow::credits)
                            .sum());
            assertThat(leased)
                    .as("leased")
                    .isEqualTo(leases.values().stream().mapToLong(one -> one[0]).sum());
            assertThat(leases.values()).as("a lease").allMatch(one -> one[0] >= 0);
            assertThat(held + leased).as("set aside").isLessThanOrEqualTo(available);
            assertThat(charges.values()).as("charges").allMatch(times -> times == 1);
            for (Memory memory : memories) {
                for (Lease lease : memory.all()) {
                    long inMemory = lease.free();
                    for (LeasedHold hold : lease.holds()) {
                        HoldRow row = rows.get(hold.operation());
                        inMemory += row != null && row.outOfLeases().contains(hold.decision()) ? 0 : 1;
                    }
                    long[] row = leases.get(lease.id());
                    assertThat(row == null ? inMemory : row[0] - inMemory)
                            .as("what memory has beyond its row")
                            .isGreaterThanOrEqualTo(0);
                }
            }
        }

        /** Everything ends: what is held runs out, what is set aside comes back. */
        void finish() {
            for (int replica = 0; replica < size.replicas(); replica++) {
                for (int i = 0; i < size.operations(); i++) {
                    does(new Step("runOut", replica, i, 0));
                    does(new Step("rowRunsOut", replica, i, 0));
                }
                giveBack(memories[replica]);
                giveBack(memories[replica]);
            }
            for (Memory memory : memories) {
                for (Lease lease : memory.all()) {
                    long[] row = leases.get(lease.id());
                    assertThat(row == null ? 0 : row[0])
                            .as("a lease of the living")
                            .isZero();
                }
            }
            for (int replica = 0; replica < size.replicas(); replica++) {
                memories[replica] = new Memory();
            }
            takeAway(memories[0]);
            check();
            assertThat(held).as("held in the end").isZero();
            assertThat(leased).as("leased in the end").isZero();
        }

        /** The same for worlds that differ only in names. */
        String shape() {
            Map<UUID, Integer> names = new HashMap<>();
            StringBuilder shape = new StringBuilder()
                    .append(available)
                    .append('/')
                    .append(held)
                    .append('/')
                    .append(leased);
            rows.forEach((operation, row) -> shape.append(" r")
                    .append(operation.getLeastSignificantBits())
                    .append(row.state().name().charAt(0))
                    .append(row.outOfLeases().stream()
                            .map(one -> name(names, one))
                            .sorted()
                            .toList()));
            for (Memory memory : memories) {
                shape.append(" |").append(memory.lease == null ? '-' : memory.mayServe ? 's' : 'n');
                for (Lease lease : memory.all()) {
                    shape.append(" l")
                            .append(name(names, lease.id()))
                            .append(':')
                            .append(lease.free());
                    long[] row = leases.get(lease.id());
                    shape.append(row == null ? "x" : String.valueOf(row[0]));
                    lease.holds().stream()
                            .sorted((x, y) -> x.operation().compareTo(y.operation()))
                            .forEach(hold -> shape.append('h')
                                    .append(hold.operation().getLeastSignificantBits())
                                    .append(name(names, hold.decision())));
                }
            }
            leases.forEach(
                    (id, credits) -> shape.append(" e").append(name(names, id)).append(credits[0]));
            tokens.forEach((operation, named) -> {
                shape.append(" t").append(operation.getLeastSignificantBits());
                named.stream()
                        .map(token -> name(names, token.lease()) + "." + name(names, token.decision()))
                        .sorted()
                        .forEach(shape::append);
            });
            return shape.toString();
        }

        private static String name(Map<UUID, Integer> names, UUID id) {
            return "#" + names.computeIfAbsent(id, key -> names.size());
        }
    }

    private static List<Step> steps(Size size) {
        List<Step> steps = new ArrayList<>();
        for (int replica = 0; replica < size.replicas(); replica++) {
            for (String what : List.of("take", "giveBack", "die", "takeAway", "stop")) {
                steps.add(new Step(what, replica, 0, 0));
            }
            for (int operation = 0; operation < size.operations(); operation++) {
                for (String what : List.of("serve", "release", "runOut")) {
                    steps.add(new Step(what, replica, operation, 0));
                }
                for (int amount = 0; amount < 4; amount++) {
                    steps.add(new Step("settle", replica, operation, amount));
                }
            }
        }
        for (int operation = 0; operation < size.operations(); operation++) {
            steps.add(new Step("place", 0, operation, 0));
            steps.add(new Step("rowRunsOut", 0, operation, 0));
        }
        return steps;
    }

    private static World replay(List<Step> path) {
        World world = new World(SMALL);
        path.forEach(world::does);
        return world;
    }

    @Test
    void noOrderOfEventsGivesMoreThanThereIsOrKeepsAnythingForGood() {
        List<Step> steps = steps(SMALL);
        Set<String> seen = new HashSet<>();
        Queue<List<Step>> open = new ArrayDeque<>();
        open.add(List.of());
        seen.add(new World(SMALL).shape());
        while (!open.isEmpty()) {
            List<Step> path = open.remove();
            for (Step step : steps) {
                World world = replay(path);
                if (!world.does(step)) {
                    continue;
                }
                List<Step> longer = new ArrayList<>(path);
                longer.add(step);
                try {
                    world.check();
                    if (seen.add(world.shape())) {
                        if (longer.size() < DEEPEST) {
                            open.add(longer);
                        }
                        world.finish();
                    }
                } catch (AssertionError wrong) {
                    throw new AssertionError("after " + longer, wrong);
                }
            }
        }

        assertThat(seen.size()).as("states").isGreaterThan(10_000);
    }
}
