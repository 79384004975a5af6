package dev.parley.policy.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.policy.engine.Standing.Counter;
import dev.parley.policy.hold.Tally.Backing;
import dev.parley.policy.hold.Tally.Part;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TallyTest {
    private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant PERIOD = Instant.parse("2026-11-01T00:00:00Z");
    private static final UUID LEASE = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);

    /** 100 granted, 70 left; of these 20 held by rows and 30 in a lease, 12 of them by operations. */
    private static Tally tally() {
        return new Tally(
                AT,
                100,
                70,
                20,
                30,
                5,
                0,
                PERIOD,
                Map.of("messages", new Counter(4, 3)),
                Map.of(LEASE, new Part(30, 12, true)));
    }

    private static Backing row(long credits) {
        return new Backing(credits, null, Map.of(), null);
    }

    @Test
    void showsTheRowsItWasMadeOf() {
        Tally tally = tally();

        assertThat(tally.at()).isEqualTo(AT);
        assertThat(tally.granted()).isEqualTo(100);
        assertThat(tally.available()).isEqualTo(70);
        assertThat(tally.held()).isEqualTo(20);
        assertThat(tally.leased()).isEqualTo(30);
        assertThat(tally.drawn()).isEqualTo(5);
        assertThat(tally.warned()).isZero();
        assertThat(tally.inUse()).isEqualTo(32);
        assertThat(tally.remaining()).isEqualTo(38);
        assertThat(tally.changedCounters()).isNull();
        assertThat(tally.changedLeases()).isEmpty();
    }

    @Test
    void aPriceWithinTheHoldIsTakenWholeAndTheRestIsFreeAgain() {
        Tally tally = tally();

        assertThat(tally.charge(6, row(10), 0, Map.of())).isEqualTo(6);

        assertThat(tally.available()).isEqualTo(64);
        assertThat(tally.drawn()).isEqualTo(11);
        assertThat(tally.held()).isEqualTo(10);
        assertThat(tally.leased()).isEqualTo(30);
    }

    @ParameterizedTest
    @CsvSource({
        // 70 - 20 - 30 are free, beside the own hold and the cap
        "30, 10, 0, 30",
        "31, 10, 0, 30",
        "99, 10, 5, 35",
        "20, 0, 0, 20",
        "21, 0, 0, 20",
        "0, 10, 0, 0"
    })
    void aPriceNeverTakesWhatOthersHold(long price, long own, long cap, long charged) {
        assertThat(tally().charge(price, row(own), cap, Map.of())).isEqualTo(charged);
    }

    @Test
    void nothingIsChargedWhenOthersHoldMoreThanThereIs() {
        Tally tally = new Tally(AT, 100, 10, 20, 0, 0, 0, PERIOD, Map.of(), Map.of());

        assertThat(tally.charge(5, row(4), 0, Map.of())).isZero();
        assertThat(tally.remaining()).isZero();
        assertThat(tally.available()).isEqualTo(10);
        assertThat(tally.held()).isEqualTo(16);
    }

    @Test
    void aHoldInALeaseLeavesTheLeaseAndNotTheRows() {
        Tally tally = tally();
        Backing own = tally.inLease(LEASE, 8);

        assertThat(own).isEqualTo(new Backing(8, LEASE, Map.of(), null));
        assertThat(tally.charge(3, own, 0, Map.of())).isEqualTo(3);

        assertThat(tally.held()).isEqualTo(20);
        assertThat(tally.leased()).isEqualTo(22);
        assertThat(tally.available()).isEqualTo(67);
        assertThat(tally.changedLeases()).containsExactly(Map.entry(LEASE, new Part(22, 4, true)));
        assertThat(tally.inUse()).isEqualTo(24);
    }

    @Test
    void aLeaseNeverHasMoreThanItsRowSays() {
        assertThat(tally().inLease(LEASE, 31).credits()).isEqualTo(30);
        assertThat(tally().inLease(OTHER, 1)).isSameAs(Backing.NONE);
        assertThat(tally().inLease(null, 1)).isSameAs(Backing.NONE);
    }

    @Test
    void whatIsServedOfALeaseIsNeverNegative() {
        Tally tally = tally();

        tally.free(tally.inLease(LEASE, 20));

        assertThat(tally.changedLeases()).containsEntry(LEASE, new Part(10, 0, true));
    }

    @Test
    void whatALeaseServesCountsOnlyAsFarAsItHasCredits() {
        Tally tally = new Tally(AT, 100, 70, 20, 5, 0, 0, PERIOD, Map.of(), Map.of(LEASE, new Part(5, 12, false)));

        assertThat(tally.inUse()).isEqualTo(25);
    }

    @Test
    void aHoldInALeaseBecomesAHoldLikeAnyOther() {
        Tally tally = tally();

        tally.settleDown(tally.inLease(LEASE, 12));

        assertThat(tally.held()).isEqualTo(32);
        assertThat(tally.leased()).isEqualTo(18);
        assertThat(tally.available()).isEqualTo(70);
        assertThat(tally.inUse()).isEqualTo(32);
    }

    @Test
    void quotasAreCountedOverToUsed() {
        Tally tally = tally();

        tally.charge(1, new Backing(1, null, Map.of("messages", 2L), PERIOD), 0, Map.of("messages", 1L, "leads", 7L));

        assertThat(tally.changedCounters())
                .containsExactlyInAnyOrderEntriesOf(Map.of("messages", new Counter(5, 1), "leads", new Counter(7, 0)));
    }

    @Test
    void claimsOfAPeriodThatIsOverAreNotGivenBack() {
        Tally tally = tally();

        tally.free(new Backing(1, null, Map.of("messages", 2L), PERIOD.minusSeconds(1)));
        assertThat(tally.changedCounters()).isNull();

        tally.free(new Backing(1, null, Map.of("messages", 2L), PERIOD));
        assertThat(tally.changedCounters()).containsEntry("messages", new Counter(4, 1));
    }

    @Test
    void countersAreNeverNegative() {
        Tally tally = tally();

        tally.free(new Backing(1, null, Map.of("messages", 9L), PERIOD));

        assertThat(tally.changedCounters()).containsEntry("messages", new Counter(4, 0));
    }

    @ParameterizedTest
    @CsvSource({
        // granted, left before, price, announced before, announced after
        "100, 70, 49, 0, 0",
        "100, 70, 50, 0, 80",
        "100, 70, 69, 0, 80",
        "100, 70, 70, 0, 100",
        "100, 70, 80, 0, 100",
        "100, 70, 1, 80, 80",
        "100, 70, 50, 100, 100",
        "0, 70, 70, 0, 0",
        "9000000000000000000, 9000000000000000000, 7200000000000000000, 0, 80",
        "9000000000000000000, 9000000000000000000, 7199999999999999999, 0, 0",
        "9000000000000000000, 9000000000000000000, 1, 0, 0"
    })
    void thresholdsAreReachedByWhatIsLeft(long granted, long left, long price, int before, int after) {
        Tally tally = new Tally(AT, granted, left, 0, 0, 0, before, PERIOD, Map.of(), Map.of());

        tally.charge(price, Backing.NONE, 10, Map.of());

        assertThat(tally.warned()).isEqualTo(after);
    }

    @Test
    void isShortOnlyWhenAReplicaMayHaveWhatIsMissing() {
        assertThat(tally().isShortOf(31, row(10), 0)).isTrue();
        assertThat(tally().isShortOf(30, row(10), 0)).isFalse();
        assertThat(tally().isShortOf(31, row(10), 1)).isFalse();
        Tally nothingToRecall =
                new Tally(AT, 100, 70, 20, 30, 0, 0, PERIOD, Map.of(), Map.of(LEASE, new Part(30, 30, false)));
        assertThat(nothingToRecall.isShortOf(31, row(10), 0)).isFalse();
    }

    @Test
    void aTenantWithoutAnAccountHasNothing() {
        Tally tally = Tally.none();

        assertThat(tally.charge(1, Backing.NONE, 0, Map.of())).isZero();
        assertThat(tally.at()).isEqualTo(Instant.EPOCH);
        assertThat(tally.granted() + tally.available() + tally.held() + tally.leased() + tally.drawn())
                .isZero();
        // One tenant's figures are not another's.
        tally.free(new Backing(1, null, Map.of("messages", 1L), null));
        assertThat(Tally.none().changedCounters()).isNull();
    }
}
