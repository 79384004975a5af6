package dev.parley.billing.closing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.closing.LedgerClose.Fault;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The arithmetic of a close: days, digests, sums, hashes and what is said when they do not agree. */
class ClosingFiguresTest {
    private static final String TENANT = "00000000-0000-7000-8000-00000000000a";
    private static final LocalDate DAY = LocalDate.parse("2026-11-01");
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final UUID OPERATION = UUID.fromString("00000000-0000-7000-8000-000000000002");

    private static BookedTransfer transfer(Instant at, long credits, @Nullable UUID operation) {
        return new BookedTransfer(
                new UUID(at.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0001L),
                "usage:1",
                "usage",
                "credits:available",
                "credits:consumed",
                credits,
                operation,
                at,
                at.plusNanos(5_000));
    }

    private static List<DayTotal> totals(BookedTransfer... transfers) {
        List<DayTotal> totals = new ArrayList<>();
        DayTotal.Counter counter = new DayTotal.Counter(totals::add);
        for (BookedTransfer transfer : transfers) {
            counter.accept(transfer);
        }
        counter.end();
        return totals;
    }

    @Test
    void aTransferReadsAsItsMembersWithTheirLengths() {
        assertThat(transfer(NOON, 12, OPERATION).canonical())
                .isEqualTo("36:01a196fb-1600-7000-8000-000000000001"
                        + "7:usage:15:usage17:credits:available16:credits:consumed2:12"
                        + "36:00000000-0000-7000-8000-000000000002"
                        + "16:179353440000000016:1793534400000005\n");
        assertThat(transfer(NOON, 12, null).canonical()).contains("2:120:16:");
    }

    @Test
    void aTransferIsOfTheDayThatItsIdTellsInUtc() {
        assertThat(transfer(Instant.parse("2026-11-01T23:59:59.999Z"), 1, null).day())
                .isEqualTo(DAY);
        assertThat(transfer(Instant.parse("2026-11-02T00:00:00Z"), 1, null).day())
                .isEqualTo(DAY.plusDays(1));
        UUID first = BookedTransfer.firstIdOf(DAY);
        assertThat(first.getLeastSignificantBits()).isZero();
        assertThat(first.getMostSignificantBits())
                .isEqualTo(Instant.parse("2026-11-01T00:00:00Z").toEpochMilli() << 16);
    }

    @Test
    void eachDayIsAddedUpByItself() {
        List<DayTotal> totals = totals(
                transfer(NOON, 3, null),
                transfer(NOON.plusSeconds(1), 4, null),
                transfer(NOON.plusSeconds(86_400), 5, null));

        assertThat(totals).extracting(DayTotal::day).containsExactly(DAY, DAY.plusDays(1));
        assertThat(totals).extracting(DayTotal::transfers).containsExactly(2L, 1L);
        assertThat(totals.get(0).sums()).isEqualTo(Map.of("credits:available", -7L, "credits:consumed", 7L));
        assertThat(totals.get(1).sums()).isEqualTo(Map.of("credits:available", -5L, "credits:consumed", 5L));
        assertThat(totals.get(1).digest())
                .isEqualTo(totals(transfer(NOON.plusSeconds(86_400), 5, null))
                        .getFirst()
                        .digest());
    }

    @Test
    void nothingIsHandedOutOfNothingAndADayOnlyOnce() {
        assertThat(totals()).isEmpty();
        List<DayTotal> totals = new ArrayList<>();
        DayTotal.Counter counter = new DayTotal.Counter(totals::add);
        counter.accept(transfer(NOON, 3, null));
        counter.end();
        counter.end();
        assertThat(totals).hasSize(1);
    }

    @Test
    void aDigestIsSha256AndBeginsAnew() {
        Digest digest = new Digest();
        String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

        assertThat(digest.add("a").add("bc").end()).isEqualTo(abc);
        assertThat(digest.add("abc").end()).isEqualTo(abc);
    }

    @Test
    void aCloseCarriesTheDayAndStandsBehindTheOneBefore() {
        DayTotal total = totals(transfer(NOON, 3, null)).getFirst();
        Map<String, Long> balances = Map.of("credits:available", 97L);

        LedgerClose first = LedgerClose.after(null, TENANT, total, balances, List.of());
        LedgerClose second = LedgerClose.after(first, TENANT, total, balances, List.of());

        assertThat(first.day()).isEqualTo(DAY);
        assertThat(first.transfers()).isEqualTo(1);
        assertThat(first.digest()).isEqualTo(total.digest());
        assertThat(first.sums()).isEqualTo(total.sums());
        assertThat(first.balances()).isEqualTo(balances);
        assertThat(first.previousHash()).isEqualTo("0".repeat(64));
        assertThat(first.hash()).isEqualTo(first.hashFor(TENANT)).hasSize(64);
        assertThat(second.previousHash()).isEqualTo(first.hash());
        assertThat(first.follows(null)).isTrue();
        assertThat(first.follows(second)).isFalse();
        assertThat(second.follows(first)).isTrue();
        assertThat(second.follows(null)).isFalse();
    }

    @Test
    void theHashCoversEveryMemberAndTheTenant() {
        DayTotal total = totals(transfer(NOON, 3, null)).getFirst();
        Map<String, Long> balances = Map.of("credits:available", 97L);
        LedgerClose close = LedgerClose.after(null, TENANT, total, balances, List.of());
        List<Fault> faults = List.of(new Fault("USAGE", "operations", 0, 1));

        assertThat(List.of(
                        close.hashFor("another"),
                        with(close, DAY.plusDays(1), 1, "d", faults, "p").hashFor(TENANT),
                        with(close, DAY, 2, close.digest(), List.of(), close.previousHash())
                                .hashFor(TENANT),
                        with(close, DAY, 1, "d", List.of(), close.previousHash())
                                .hashFor(TENANT),
                        with(close, DAY, 1, close.digest(), faults, close.previousHash())
                                .hashFor(TENANT),
                        with(close, DAY, 1, close.digest(), List.of(), "p").hashFor(TENANT),
                        close.hash()))
                .doesNotHaveDuplicates();
    }

    private static LedgerClose with(
            LedgerClose close, LocalDate day, long transfers, String digest, List<Fault> faults, String previous) {
        return new LedgerClose(day, transfers, digest, close.sums(), close.balances(), faults, previous, "");
    }

    @Test
    void aDayThatAgreesHasNoFaults() {
        DayTotal total = totals(transfer(NOON, 3, null)).getFirst();
        Map<String, Long> entries = Map.of("credits:available", -3L, "credits:consumed", 3L);

        assertThat(Proof.faults(null, total, new Proof.Figures(entries, 0, 0, 0)))
                .isEmpty();
    }

    @Test
    void anAccountThatIsMissingOnEitherSideIsNamed() {
        DayTotal total = totals(transfer(NOON, 3, null)).getFirst();
        Map<String, Long> entries = Map.of("credits:available", -3L, "credits:consumed", 2L, "credits:expired", 1L);

        assertThat(Proof.faults(null, total, new Proof.Figures(entries, 0, 0, 0)))
                .containsExactly(
                        new Fault("CARRIED_FORWARD", "credits:consumed", 3, 2),
                        new Fault("CARRIED_FORWARD", "credits:expired", 0, 1));
        assertThat(Proof.faults(null, total, new Proof.Figures(Map.of(), 0, 0, 0)))
                .containsExactly(
                        new Fault("CARRIED_FORWARD", "credits:available", -3, 0),
                        new Fault("CARRIED_FORWARD", "credits:consumed", 3, 0));
    }

    @Test
    void whatStandsBesideTheLedgerIsCounted() {
        DayTotal total = totals(transfer(NOON, 3, null)).getFirst();
        Map<String, Long> entries = Map.of("credits:available", -3L, "credits:consumed", 3L);

        assertThat(Proof.faults(null, total, new Proof.Figures(entries, 4, 5, 6)))
                .containsExactly(
                        new Fault("GRANTS", "lots", 0, 4),
                        new Fault("EXPIRIES", "lots", 0, 5),
                        new Fault("USAGE", "operations", 0, 6));
    }

    @Test
    void aVerificationTellsWhatItLookedAt() {
        List<DayTotal> totals = totals(transfer(NOON, 3, null), transfer(NOON.plusSeconds(86_400), 5, null));
        LedgerClose first = LedgerClose.after(null, TENANT, totals.get(0), Map.of(), List.of());
        LedgerClose second = LedgerClose.after(
                first, TENANT, totals.get(1), Map.of(), List.of(new Fault("USAGE", "operations", 0, 1)));
        Map<LocalDate, DayTotal> byDay = Map.of(DAY, totals.get(0), DAY.plusDays(1), totals.get(1));

        LedgerVerification verified = LedgerVerification.of(TENANT, List.of(first), byDay);
        assertThat(verified).isEqualTo(new LedgerVerification(true, 1, 1, DAY, first.hash(), List.of()));

        LedgerVerification both = LedgerVerification.of(TENANT, List.of(first, second), byDay);
        assertThat(both.intact()).isFalse();
        assertThat(both.days()).isEqualTo(2);
        assertThat(both.transfers()).isEqualTo(2);
        assertThat(both.lastDay()).isEqualTo(DAY.plusDays(1));
        assertThat(both.head()).isEqualTo(second.hash());
        assertThat(both.findings())
                .containsExactly(new LedgerVerification.Finding(DAY.plusDays(1), "NOT_PROVEN", 1, 1));

        assertThat(LedgerVerification.of(TENANT, List.of(), byDay))
                .isEqualTo(new LedgerVerification(true, 0, 0, null, null, List.of()));
    }

    @Test
    void transfersOfADayThatIsNotClosedYetAreNoFinding() {
        List<DayTotal> totals = totals(transfer(NOON, 3, null), transfer(NOON.plusSeconds(86_400), 5, null));
        LedgerClose first = LedgerClose.after(null, TENANT, totals.get(0), Map.of(), List.of());

        assertThat(LedgerVerification.of(
                                TENANT, List.of(first), Map.of(DAY, totals.get(0), DAY.plusDays(1), totals.get(1)))
                        .findings())
                .isEmpty();
    }
}
