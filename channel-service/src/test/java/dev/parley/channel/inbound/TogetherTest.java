package dev.parley.channel.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.Sender;
import dev.parley.channel.inbound.Together.Waiting;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TogetherTest {
    private static final UUID ACCOUNT = new UUID(0, 1);
    private static final Duration LOCK = Duration.ofSeconds(2);

    private final Set<String> locked = new HashSet<>();
    private final Set<Waiting> poisonous = new HashSet<>();
    /** The threads of each round. */
    private final List<List<String>> commits = new ArrayList<>();

    private final List<Waiting> inOrder = new ArrayList<>();
    private final List<String> alone = new ArrayList<>();
    private boolean away;
    private int most = 32;
    private long now;

    private final Together together = new Together(this::commit, this::storeAlone, () -> now);

    @Test
    void whatWaitsIsOneCommitInTheSameOrderEverywhere() {
        List<Waiting> calls = calls("c", "a", "b");

        assertThat(together.store(calls)).containsOnly(Optional.empty()).hasSize(3);
        assertThat(commits).containsExactly(List.of("abc"));
    }

    @Test
    void ofOneThreadEachIsInARoundOfItsOwnInTheOrderInWhichItCame() {
        List<Waiting> calls = calls("b", "a", "b", "c", "b", "a");

        assertThat(together.store(calls)).containsOnly(Optional.empty());
        assertThat(commits).containsExactly(List.of("abc", "ab", "b"));
        assertThat(inOrder).containsSubsequence(calls.get(0), calls.get(2), calls.get(4));
    }

    @Test
    void ofOneSenderWithTwoNumbersAndOfOneNumberWithTwoSendersEachIsInARoundOfItsOwn() {
        List<Waiting> calls = List.of(
                waiting(message("77", "+919845012345")),
                waiting(message("77", "+919845099999")),
                waiting(message("88", "+919845012345")));

        assertThat(together.store(calls)).containsOnly(Optional.empty());
        assertThat(commits).containsExactly(List.of("77", "8877"));
    }

    @Test
    void threeOfALockedThreadAreWaitedForTwiceAndTheOthersGoOn() {
        locked.add("b");
        List<Waiting> calls = calls("b", "c", "b", "a", "b", "d");

        List<Optional<RuntimeException>> failures = together.store(calls);

        assertThat(failures.stream().map(Optional::isEmpty)).containsExactly(false, true, false, true, false, true);
        assertThat(failures.getFirst()).get().isInstanceOf(Problem.class);
        assertThat(commits).containsExactly(List.of("a", "c", "d"));
        assertThat(alone).isEmpty();
        assertThat(now).isEqualTo(2 * LOCK.toNanos());
    }

    @Test
    void whoWaitedForTheLocksOfManyIsRefusedInTime() {
        locked.addAll(List.of("a", "b", "c", "d", "e", "f"));

        List<Optional<RuntimeException>> failures = together.store(calls("a", "b", "c", "d", "e", "f", "g", "h"));

        assertThat(failures).allMatch(Optional::isPresent);
        assertThat(now).isEqualTo(5 * LOCK.toNanos());
    }

    @Test
    void aValueThatCannotBeStoredLeavesTheOthersToThemselvesAndALockIsStillWaitedForOnce() {
        List<Waiting> calls = calls("a", "b", "c", "c", "d");
        poisonous.add(calls.getFirst());
        locked.add("c");

        List<Optional<RuntimeException>> failures = together.store(calls);

        assertThat(failures.stream().map(Optional::isEmpty)).containsExactly(false, true, false, false, true);
        assertThat(failures.getFirst()).get().isInstanceOf(IllegalArgumentException.class);
        assertThat(alone).containsExactly("b", "d");
        assertThat(now).isEqualTo(LOCK.toNanos());
    }

    @Test
    void thatTheDatabaseIsAwayIsAskedOnceForAll() {
        away = true;

        assertThat(together.store(calls("a", "b", "c"))).allMatch(Optional::isPresent);
        assertThat(now).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void whatACommitHasNoTimeForFollowsInTheNext() {
        most = 2;

        assertThat(together.store(calls("a", "a", "a", "a", "a"))).containsOnly(Optional.empty());
        assertThat(commits).containsExactly(List.of("a", "a"), List.of("a", "a"));
        assertThat(alone).containsExactly("a");
    }

    @Test
    void whoWaitedTooLongBeforeItsTurnIsRefused() {
        List<Waiting> calls = new ArrayList<>(calls("a", "b"));
        now = Duration.ofSeconds(9).toNanos();
        calls.addAll(calls("c"));

        assertThat(together.store(calls).stream().map(Optional::isEmpty)).containsExactly(false, false, true);
        assertThat(alone).containsExactly("c");
    }

    @Test
    void theNumberOfAPersonDecidesWhereItIsKnown() {
        UUID other = new UUID(0, 2);
        Place whatsApp = Place.of(ACCOUNT, message("919845012345", "+919845012345"), "IN");
        Place sms = Place.of(other, message("+919845012345", "+91 98450 12345"), "IN");

        assertThat(whatsApp.person()).isEqualTo(sms.person());
        assertThat(whatsApp.lane(4)).isEqualTo(sms.lane(4));
        assertThat(whatsApp).isLessThan(sms);
        assertThat(Place.of(ACCOUNT, message("77", null), "IN").person()).isEqualTo("77");
        assertThat(Place.of(ACCOUNT, message("77", null), "IN"))
                .isNotEqualByComparingTo(Place.of(other, message("77", null), "IN"));
    }

    private List<Waiting> calls(String... threads) {
        List<Waiting> calls = new ArrayList<>();
        for (String thread : threads) {
            calls.add(waiting(message(thread, null)));
        }
        return calls;
    }

    private Waiting waiting(InboundMessage message) {
        return new Waiting(new Call(List.of(), UUID.randomUUID(), null), Place.of(ACCOUNT, message, "IN"), now);
    }

    private static InboundMessage message(String thread, @Nullable String phone) {
        return new InboundMessage(
                thread, new Sender(thread, null, null, null, phone), "hi", Instant.EPOCH, 0, List.of(), null);
    }

    private int commit(List<List<Waiting>> rounds, Consumer<List<Waiting>> begun) {
        demandDatabase();
        List<List<Waiting>> stored = rounds.subList(0, Math.min(most, rounds.size()));
        for (List<Waiting> round : stored) {
            begun.accept(round);
            round.forEach(this::demand);
        }
        begun.accept(List.of());
        stored.forEach(inOrder::addAll);
        commits.add(stored.stream().map(TogetherTest::threads).toList());
        return stored.size();
    }

    private static String threads(List<Waiting> round) {
        return round.stream().map(call -> call.place().thread()).collect(Collectors.joining());
    }

    private void storeAlone(Waiting call) {
        demandDatabase();
        demand(call);
        alone.add(call.place().thread());
    }

    private void demandDatabase() {
        if (away) {
            now += Duration.ofSeconds(1).toNanos();
            throw CommonProblem.unavailable("the database", new SQLException("refused", "08001"));
        }
    }

    private void demand(Waiting call) {
        if (locked.contains(call.place().thread())) {
            now += LOCK.toNanos();
            throw CommonProblem.unavailable("the database", new SQLException("locked", "55P03"));
        }
        if (poisonous.contains(call)) {
            throw new IllegalArgumentException("poison");
        }
    }
}
