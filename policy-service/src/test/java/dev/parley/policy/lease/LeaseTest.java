package dev.parley.policy.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.lease.Lease.Figures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final TenantId TENANT = new TenantId(new UUID(0, 1));
    private static final UUID ID = new UUID(0, 2);
    private static final Terms TERMS = Terms.withoutSubscription(1, false);
    private static final Figures SEEN = new Figures(1_000, 800, 50);
    private static final UUID ONE = new UUID(1, 1);
    private static final UUID TWO = new UUID(1, 2);

    private final Lease lease = new Lease(TENANT, ID, TERMS);

    private static LeasedHold held(UUID operation, long credits, long endsAt) {
        return new LeasedHold(
                TENANT,
                operation,
                new UUID(2, operation.getLeastSignificantBits()),
                ID,
                credits,
                "a",
                "c",
                null,
                null,
                Instant.EPOCH,
                endsAt,
                "t");
    }

    private Optional<Lease.Served> hold(UUID operation, long credits, long now) {
        return lease.hold(operation, credits, now, () -> held(operation, credits, now + 10));
    }

    private void grown() {
        assertThat(lease.grow(100, 1_000, SEEN)).isTrue();
    }

    @Test
    void isNamedAndServesNothingBeforeItGrows() {
        assertThat(lease.id()).isEqualTo(ID);
        assertThat(lease.tenant()).isEqualTo(TENANT);
        assertThat(lease.terms()).isSameAs(TERMS);
        assertThat(lease.isOpen()).isTrue();
        assertThat(lease.isServing(0)).isFalse();
        assertThat(hold(ONE, 0, 0)).isEmpty();
        assertThat(lease.isAlive()).isTrue();
    }

    @Test
    void servesToTheLastCreditAndTellsTheBalanceWithItsOwnHolds() {
        grown();

        assertThat(hold(ONE, 60, 0).orElseThrow().figures()).isEqualTo(new Figures(1_000, 800, 110));
        assertThat(hold(TWO, 41, 0)).isEmpty();
        assertThat(hold(TWO, 40, 0).orElseThrow().figures()).isEqualTo(new Figures(1_000, 800, 150));
        assertThat(lease.free()).isZero();
        assertThat(lease.served()).isEqualTo(100);
        assertThat(lease.size()).isEqualTo(2);
        assertThat(lease.holds()).extracting(LeasedHold::operation).containsExactly(ONE, TWO);
    }

    @Test
    void theSameOperationHasOneHoldEvenWhenNothingIsServedAnyMore() {
        grown();
        LeasedHold first = hold(ONE, 60, 0).orElseThrow().hold();

        assertThat(hold(ONE, 99, 0).orElseThrow().hold()).isSameAs(first);
        lease.close();
        assertThat(hold(ONE, 60, 2_000).orElseThrow().hold()).isSameAs(first);
        assertThat(lease.find(ONE).orElseThrow().figures()).isEqualTo(new Figures(1_000, 800, 110));
        assertThat(lease.find(TWO)).isEmpty();
        assertThat(lease.free()).isEqualTo(40);
    }

    @Test
    void servesUntilItsTimeAndNotAtIt() {
        grown();

        assertThat(lease.isServing(999)).isTrue();
        assertThat(lease.isServing(1_000)).isFalse();
        assertThat(hold(ONE, 1, 1_000)).isEmpty();
        assertThat(hold(ONE, 1, 999)).isPresent();
        lease.renewed(1_001);
        assertThat(lease.isServing(1_000)).isTrue();
        assertThat(hold(TWO, 1, 1_000)).isPresent();
    }

    @Test
    void aClosedLeaseServesNothingNewAndDoesNotGrow() {
        grown();
        lease.close();

        assertThat(lease.isServing(0)).isFalse();
        assertThat(lease.isOpen()).isFalse();
        assertThat(hold(ONE, 1, 0)).isEmpty();
        assertThat(lease.grow(5, 1_000, SEEN)).isFalse();
        assertThat(lease.free()).isEqualTo(100);
    }

    @Test
    void growsOnTopOfWhatIsLeft() {
        grown();
        hold(ONE, 30, 0);

        assertThat(lease.grow(50, 3_000, new Figures(2_000, 1_500, 7))).isTrue();

        assertThat(lease.free()).isEqualTo(120);
        assertThat(lease.isServing(2_999)).isTrue();
        assertThat(lease.find(ONE).orElseThrow().figures()).isEqualTo(new Figures(2_000, 1_500, 37));
    }

    @Test
    void aForgottenHoldIsFreeAgainUnlessItLeftTheLease() {
        grown();
        LeasedHold first = hold(ONE, 30, 0).orElseThrow().hold();
        hold(TWO, 20, 0);

        lease.forget(ONE, Set.of(first.decision()));
        assertThat(lease.free()).isEqualTo(50);
        assertThat(lease.served()).isEqualTo(20);

        lease.forget(TWO, Set.of(first.decision()));
        assertThat(lease.free()).isEqualTo(70);
        assertThat(lease.served()).isZero();
        assertThat(lease.size()).isZero();

        lease.forget(TWO, Set.of());
        assertThat(lease.free()).isEqualTo(70);
    }

    @Test
    void whatIsFreeIsTakenOutOnce() {
        grown();
        hold(ONE, 30, 0);

        assertThat(lease.takeFree()).hasValue(70);
        assertThat(lease.free()).isZero();
        assertThat(lease.isOpen()).isFalse();
        assertThat(lease.takeFree()).isEmpty();

        lease.forget(ONE, Set.of());
        assertThat(lease.takeFree()).hasValue(30);
    }

    @Test
    void theFirstToTakeIsToldEvenWhenNothingIsFree() {
        assertThat(lease.takeFree()).hasValue(0);
        assertThat(lease.takeFree()).isEmpty();
    }

    @Test
    void nothingIsTakenOutOfAnAbandonedLease() {
        grown();
        lease.abandon();

        assertThat(lease.takeFree()).isEmpty();
        assertThat(lease.isOpen()).isFalse();
        assertThat(lease.isAlive()).isFalse();
    }

    @Test
    void holdsAreDueInTheirOrderAtTheirTime() {
        grown();
        hold(ONE, 1, 0);
        hold(TWO, 1, 5);

        assertThat(lease.due(9)).isEmpty();
        assertThat(lease.due(10)).extracting(LeasedHold::operation).containsExactly(ONE);
        assertThat(lease.due(15)).extracting(LeasedHold::operation).containsExactly(ONE, TWO);
    }

    @Test
    void isAliveWhileItServesOrHolds() {
        grown();
        hold(ONE, 0, 0);
        lease.close();
        assertThat(lease.isAlive()).isTrue();

        lease.forget(ONE, Set.of());
        assertThat(lease.isAlive()).isFalse();
    }

    @Test
    void isLowBelowHalfASliceOrTheLargestHold() {
        grown();
        assertThat(lease.isLow()).isFalse();
        hold(ONE, 50, 0);
        assertThat(lease.isLow()).isFalse();
        hold(TWO, 1, 0);
        assertThat(lease.isLow()).isTrue();

        Lease other = new Lease(TENANT, ID, TERMS);
        other.grow(100, 1_000, SEEN);
        other.hold(ONE, 51, 0, () -> held(ONE, 51, 0));
        assertThat(other.isLow()).isTrue();
        other.close();
        assertThat(other.isLow()).isFalse();
    }

    @Test
    void theLargestHoldIsRemembered() {
        grown();
        hold(ONE, 70, 0);
        lease.forget(ONE, Set.of());
        hold(TWO, 31, 0);

        // 69 are left of a slice of 100, but not enough for another of 70.
        assertThat(lease.isLow()).isTrue();
    }

    /** Many threads ask one lease; whatever one asked, the next must not wait for ever. */
    @Test
    void nothingKeepsTheLeaseLocked() throws Exception {
        List<Consumer<Lease>> everything = List.of(
                one -> one.isServing(0),
                one -> one.hold(ONE, 1, 0, () -> held(ONE, 1, 0)),
                one -> one.hold(TWO, 1_000, 0, () -> held(TWO, 1_000, 0)),
                one -> one.find(ONE),
                one -> one.grow(1, 1_000, SEEN),
                one -> one.renewed(1_000),
                one -> one.forget(ONE, Set.of()),
                Lease::close,
                one -> one.grow(1, 1_000, SEEN),
                Lease::abandon,
                Lease::takeFree,
                one -> one.due(0),
                Lease::holds,
                Lease::served,
                Lease::size,
                Lease::free,
                Lease::isAlive,
                Lease::isOpen,
                Lease::isLow,
                one -> one.isIdleSince(0));
        grown();
        for (int i = 0; i < everything.size(); i++) {
            everything.get(i).accept(lease);
            Thread another = Thread.ofVirtual().start(lease::size);
            assertThat(another.join(Duration.ofSeconds(2)))
                    .as("after call " + i)
                    .isTrue();
        }
    }

    @Test
    void isIdleSinceItsLastNewHold() {
        grown();
        hold(ONE, 1, 500);
        hold(ONE, 1, 700);

        assertThat(lease.isIdleSince(500)).isFalse();
        assertThat(lease.isIdleSince(501)).isTrue();
    }
}
