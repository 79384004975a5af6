package dev.parley.policy.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.hold.Ending.Known;
import dev.parley.policy.hold.HoldRow.State;
import dev.parley.policy.hold.Tally.Part;
import dev.parley.policy.lease.HoldToken;
import dev.parley.policy.lease.LeasedHold;
import dev.parley.policy.rating.RatedLine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant PERIOD = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant END = AT.plusSeconds(60);
    private static final TenantId TENANT = new TenantId(new UUID(0, 9));
    private static final UUID OPERATION = new UUID(0, 1);
    private static final UUID DECISION = new UUID(0, 2);
    private static final UUID LEASE = new UUID(0, 3);
    private static final UUID CONVERSATION = new UUID(0, 4);
    private static final HoldToken TOKEN = new HoldToken(DECISION, LEASE, 10, END, "concierge", "web");
    private static final LeasedHold LIVE = new LeasedHold(
            TENANT, OPERATION, DECISION, LEASE, 10, "concierge", "web", "user-1", "talk-1", END, 0, "token");
    private static final List<RatedLine> LINES = List.of(new RatedLine("message", 1, 7));

    private static Tally tally() {
        return new Tally(AT, 100, 70, 20, 30, 0, 80, PERIOD, Map.of(), Map.of(LEASE, new Part(30, 12, true)));
    }

    private static HoldRow row(State state, boolean due, @Nullable String reason, Set<UUID> out) {
        return row(DECISION, state, due, reason, out);
    }

    private static HoldRow row(UUID decision, State state, boolean due, @Nullable String reason, Set<UUID> out) {
        return new HoldRow(
                OPERATION,
                decision,
                state,
                10,
                Map.of("messages", 1L),
                PERIOD,
                due,
                "concierge",
                "web",
                "user-1",
                "talk-1",
                END,
                null,
                null,
                null,
                reason,
                out);
    }

    private static Closing closing(Tally tally, @Nullable HoldRow row) {
        return new Closing(tally, row == null ? Map.of() : Map.of(OPERATION, row), Map.of());
    }

    private static Ending.Settle settle(Known known, long price) {
        SettlementRequest request = new SettlementRequest(
                Map.of("message", 1L), false, "concierge", "web", CONVERSATION, "user-2", null, null);
        return new Ending.Settle(OPERATION, known, request, LINES, price, 0, Map.of("messages", 1L), null);
    }

    @Test
    void aSettlementOfARowChangesItAndTakesThePrice() {
        Tally tally = tally();
        Closing closing = closing(tally, row(State.HELD, false, null, Set.of()));

        Closing.Ended ended = closing.apply(settle(Known.NOTHING, 7));

        assertThat(ended.done()).isTrue();
        assertThat(ended.was()).isEqualTo(State.HELD);
        assertThat(ended.at()).isEqualTo(AT);
        assertThat(ended.warnedBefore()).isEqualTo(80);
        assertThat(ended.warned()).isEqualTo(80);
        assertThat(ended.granted()).isEqualTo(100);
        assertThat(ended.inUse()).isEqualTo(22);
        assertThat(ended.remaining()).isEqualTo(41);
        assertThat(ended.row())
                .isEqualTo(new HoldRow(
                        OPERATION,
                        DECISION,
                        State.SETTLED,
                        10,
                        Map.of("messages", 1L),
                        PERIOD,
                        false,
                        "concierge",
                        "web",
                        "user-1",
                        "talk-1",
                        END,
                        7L,
                        7L,
                        LINES,
                        null,
                        Set.of()));
        assertThat(closing.changed()).containsExactly(ended.row());
        assertThat(closing.added()).isEmpty();
        assertThat(closing.tally()).isSameAs(tally);
        assertThat(tally.held()).isEqualTo(10);
        assertThat(tally.changedCounters()).containsKey("messages");
    }

    @Test
    void aSecondSettlementFindsTheFirst() {
        Tally tally = tally();
        Closing closing = closing(tally, row(State.HELD, false, null, Set.of()));

        HoldRow first = closing.apply(settle(Known.NOTHING, 7)).row();
        Closing.Ended again = closing.apply(settle(Known.NOTHING, 9));

        assertThat(again.done()).isFalse();
        assertThat(again.was()).isEqualTo(State.SETTLED);
        assertThat(again.row()).isSameAs(first);
        assertThat(tally.drawn()).isEqualTo(7);
    }

    @Test
    void anExpiredHoldIsSettledLateAndSaysSo() {
        Closing closing = closing(tally(), row(State.EXPIRED, false, null, Set.of()));

        HoldRow settled = closing.apply(settle(Known.NOTHING, 7)).row();

        assertThat(settled.state()).isEqualTo(State.SETTLED);
        assertThat(settled.closeReason()).isEqualTo("expired");
        assertThat(closing.tally().held()).isEqualTo(20);
    }

    @Test
    void aHoldInALeaseBecomesARowWhenItIsSettled() {
        Tally tally = tally();
        Closing closing = closing(tally, null);

        Closing.Ended ended = closing.apply(settle(new Known(TOKEN, null), 7));

        assertThat(ended.was()).isNull();
        assertThat(ended.done()).isTrue();
        assertThat(ended.row().userId()).isEqualTo("user-2");
        assertThat(ended.row().conversationId()).isEqualTo(CONVERSATION.toString());
        assertThat(ended.row().outOfLeases()).containsExactly(DECISION);
        assertThat(ended.row().credits()).isEqualTo(10);
        assertThat(ended.row().expiresAt()).isEqualTo(END);
        assertThat(closing.added()).containsExactly(ended.row());
        assertThat(closing.changed()).isEmpty();
        assertThat(tally.leased()).isEqualTo(20);
        assertThat(tally.held()).isEqualTo(20);
    }

    @Test
    void aHoldInThisMemoryGivesTheRowItsUserAndConversation() {
        Closing closing = closing(tally(), null);

        HoldRow released = closing.apply(new Ending.Release(OPERATION, new Known(null, LIVE), "cancelled"))
                .row();

        assertThat(released.userId()).isEqualTo("user-1");
        assertThat(released.conversationId()).isEqualTo("talk-1");
        assertThat(released.state()).isEqualTo(State.RELEASED);
        assertThat(released.closeReason()).isEqualTo("cancelled");
        assertThat(closing.tally().leased()).isEqualTo(20);
    }

    @Test
    void aTokenCountsForHalfADayAfterItsHoldRanOut() {
        HoldToken old = new HoldToken(DECISION, LEASE, 10, AT.minus(Duration.ofHours(12)), "concierge", "web");
        HoldToken justInTime = new HoldToken(
                DECISION, LEASE, 10, AT.minus(Duration.ofHours(12)).plusMillis(1), "concierge", "web");

        assertThat(closing(tally(), null).apply(settle(new Known(old, null), 7)).row())
                .isNull();
        assertThat(closing(tally(), null)
                        .apply(settle(new Known(justInTime, null), 7))
                        .row())
                .isNotNull();
    }

    @Test
    void withoutATokenTheDecisionLogSaysWhatWasHeld() {
        Tally tally = tally();
        Closing closing = new Closing(tally, Map.of(), Map.of(OPERATION, TOKEN));

        assertThat(closing.apply(settle(Known.NOTHING, 7)).row().state()).isEqualTo(State.SETTLED);
        assertThat(tally.leased()).isEqualTo(20);
    }

    @Test
    void whatNobodyKnowsCannotBeEnded() {
        for (Ending ending : List.of(
                settle(Known.NOTHING, 7),
                new Ending.Release(OPERATION, Known.NOTHING, "cancelled"),
                new Ending.Expire(OPERATION, Known.NOTHING),
                new Ending.Keep(OPERATION, Known.NOTHING))) {
            Closing closing = closing(tally(), null);
            Closing.Ended ended = closing.apply(ending);

            assertThat(ended.row()).isNull();
            assertThat(ended.was()).isNull();
            assertThat(ended.done()).isFalse();
            assertThat(closing.added()).isEmpty();
            assertThat(closing.changed()).isEmpty();
            assertThat(closing.tally().drawn()).isZero();
        }
    }

    @Test
    void aReleaseFreesARowOnceAndNothingThatEnded() {
        Tally tally = tally();
        Closing closing = closing(tally, row(State.HELD, false, null, Set.of()));

        assertThat(closing.apply(new Ending.Release(OPERATION, Known.NOTHING, "cancelled"))
                        .done())
                .isTrue();
        assertThat(closing.apply(new Ending.Release(OPERATION, Known.NOTHING, "again"))
                        .done())
                .isFalse();
        assertThat(tally.held()).isEqualTo(10);
        assertThat(tally.changedCounters()).isNotNull();
    }

    @Test
    void aRowExpiresOnlyWhenItIsDue() {
        Tally tally = tally();

        assertThat(closing(tally, row(State.HELD, false, null, Set.of()))
                        .apply(new Ending.Expire(OPERATION, Known.NOTHING))
                        .done())
                .isFalse();
        assertThat(tally.held()).isEqualTo(20);

        Closing.Ended ended = closing(tally, row(State.HELD, true, null, Set.of()))
                .apply(new Ending.Expire(OPERATION, Known.NOTHING));
        assertThat(ended.done()).isTrue();
        assertThat(ended.row().state()).isEqualTo(State.EXPIRED);
        assertThat(ended.row().closeReason()).isNull();
        assertThat(ended.row().due()).isFalse();
        assertThat(tally.held()).isEqualTo(10);

        assertThat(closing(tally, row(State.RELEASED, true, "cancelled", Set.of()))
                        .apply(new Ending.Expire(OPERATION, Known.NOTHING))
                        .done())
                .isFalse();
    }

    @Test
    void aHoldInMemoryRunsOutIntoARow() {
        Tally tally = tally();
        Closing closing = closing(tally, null);

        Closing.Ended ended = closing.apply(new Ending.Expire(OPERATION, new Known(null, LIVE)));

        assertThat(ended.row().state()).isEqualTo(State.EXPIRED);
        assertThat(tally.leased()).isEqualTo(20);
        assertThat(tally.available()).isEqualTo(70);
    }

    @Test
    void aReplicaThatStopsMakesARowOfAHoldInItsMemory() {
        Tally tally = tally();
        Closing closing = closing(tally, null);

        Closing.Ended ended = closing.apply(new Ending.Keep(OPERATION, new Known(null, LIVE)));

        assertThat(ended.row().state()).isEqualTo(State.HELD);
        assertThat(ended.row().outOfLeases()).containsExactly(DECISION);
        assertThat(tally.held()).isEqualTo(30);
        assertThat(tally.leased()).isEqualTo(20);
        assertThat(closing.added()).containsExactly(ended.row());
    }

    @Test
    void nothingIsKeptOfALeaseThatIsGoneOrBesideARow() {
        Tally without = new Tally(AT, 100, 70, 20, 0, 0, 0, PERIOD, Map.of(), Map.of());
        assertThat(closing(without, null)
                        .apply(new Ending.Keep(OPERATION, new Known(null, LIVE)))
                        .row())
                .isNull();
        assertThat(without.held()).isEqualTo(20);

        Tally tally = tally();
        assertThat(closing(tally, row(State.RELEASED, false, "cancelled", Set.of()))
                        .apply(new Ending.Keep(OPERATION, new Known(null, LIVE)))
                        .done())
                .isFalse();
        assertThat(tally.held()).isEqualTo(20);
    }

    /** Another replica made a row of the operation; only this one can take its own hold out of its lease. */
    @Test
    void theHoldInThisMemoryStillLeavesItsLeaseWhenThereIsARow() {
        UUID elsewhere = new UUID(0, 77);
        Tally tally = tally();
        Closing closing = closing(tally, row(elsewhere, State.EXPIRED, false, null, Set.of(elsewhere)));

        HoldRow settled = closing.apply(settle(new Known(null, LIVE), 7)).row();

        assertThat(tally.leased()).isEqualTo(20);
        assertThat(settled.outOfLeases()).containsExactlyInAnyOrder(elsewhere, DECISION);
        assertThat(settled.decision()).isEqualTo(DECISION);
    }

    @Test
    void aHoldThatLeftItsLeaseIsNotTakenOutTwice() {
        Tally tally = tally();
        Closing closing = closing(tally, row(State.EXPIRED, false, null, Set.of(DECISION)));

        HoldRow settled = closing.apply(settle(new Known(null, LIVE), 7)).row();

        assertThat(tally.leased()).isEqualTo(30);
        assertThat(settled.outOfLeases()).containsExactly(DECISION);
    }

    @Test
    void onlyASettlementThatWasNotMadeCanBeShort() {
        assertThat(closing(tally(), row(State.HELD, false, null, Set.of())).isShort(settle(Known.NOTHING, 31)))
                .isTrue();
        assertThat(closing(tally(), row(State.HELD, false, null, Set.of())).isShort(settle(Known.NOTHING, 30)))
                .isFalse();
        assertThat(closing(tally(), null).isShort(settle(new Known(TOKEN, null), 31)))
                .isTrue();
        assertThat(closing(tally(), row(State.SETTLED, false, null, Set.of())).isShort(settle(Known.NOTHING, 99)))
                .isFalse();
        assertThat(closing(tally(), row(State.HELD, false, null, Set.of()))
                        .isShort(new Ending.Release(OPERATION, Known.NOTHING, "cancelled")))
                .isFalse();
    }

    @Test
    void oneOperationsRowIsNotAnothers() {
        UUID other = new UUID(0, 55);
        Closing closing = new Closing(tally(), Map.of(), Map.of(OPERATION, TOKEN));
        HoldRow first = closing.apply(settle(Known.NOTHING, 7)).row();

        assertThat(closing.apply(new Ending.Release(other, Known.NOTHING, "cancelled"))
                        .row())
                .isNull();
        assertThat(closing.added()).containsExactly(first);
    }
}
