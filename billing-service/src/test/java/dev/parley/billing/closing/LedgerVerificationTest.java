package dev.parley.billing.closing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LedgerVerificationTest {
    private static final String TENANT = "00000000-0000-7000-8000-00000000000a";
    private static final LocalDate FIRST = LocalDate.parse("2026-11-01");

    /** Three days with three transfers each. */
    private static List<BookedTransfer> ledger() {
        List<BookedTransfer> transfers = new ArrayList<>();
        for (int day = 0; day < 3; day++) {
            for (int n = 0; n < 3; n++) {
                Instant at = FIRST.plusDays(day).atTime(9 + n, 0).toInstant(ZoneOffset.UTC);
                transfers.add(transfer(at, "usage:" + day + n, 10 + n));
            }
        }
        return transfers;
    }

    private static BookedTransfer transfer(Instant at, String source, long credits) {
        return new BookedTransfer(
                new UUID(at.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0001L),
                source,
                "usage",
                "credits:available",
                "credits:consumed",
                credits,
                UUID.nameUUIDFromBytes(source.getBytes()),
                at,
                at);
    }

    private static List<DayTotal> totals(List<BookedTransfer> transfers) {
        List<DayTotal> totals = new ArrayList<>();
        DayTotal.Counter counter = new DayTotal.Counter(totals::add);
        transfers.forEach(counter);
        counter.end();
        return totals;
    }

    private static List<LedgerClose> closed(List<BookedTransfer> transfers) {
        List<LedgerClose> closes = new ArrayList<>();
        Map<String, Long> balances = new TreeMap<>();
        for (DayTotal total : totals(transfers)) {
            total.sums().forEach((account, sum) -> balances.merge(account, sum, Long::sum));
            LedgerClose before = closes.isEmpty() ? null : closes.getLast();
            Proof.Figures figures = new Proof.Figures(new TreeMap<>(balances), 0, 0, 0);
            closes.add(
                    LedgerClose.after(before, TENANT, total, figures.entries(), Proof.faults(before, total, figures)));
        }
        return closes;
    }

    private static LedgerVerification verify(List<LedgerClose> closes, List<BookedTransfer> now) {
        Map<LocalDate, DayTotal> totals = new TreeMap<>();
        totals(now).forEach(total -> totals.put(total.day(), total));
        return LedgerVerification.of(TENANT, closes, totals);
    }

    private static List<String> after(Consumer<List<BookedTransfer>> tampering) {
        List<LedgerClose> closes = closed(ledger());
        List<BookedTransfer> now = new ArrayList<>(ledger());
        tampering.accept(now);
        return verify(closes, now).findings().stream()
                .map(finding -> finding.day() + " " + finding.fault())
                .toList();
    }

    @Test
    void anUntouchedLedgerIsIntact() {
        LedgerVerification found = verify(closed(ledger()), ledger());

        assertThat(found.intact()).isTrue();
        assertThat(found.days()).isEqualTo(3);
        assertThat(found.transfers()).isEqualTo(9);
        assertThat(found.lastDay()).isEqualTo(LocalDate.parse("2026-11-03"));
        assertThat(found.head()).hasSize(64);
    }

    @Test
    void everyMemberOfEveryTransferIsCovered() {
        for (int i = 0; i < 9; i++) {
            BookedTransfer was = ledger().get(i);
            UUID other = new UUID(was.id().getMostSignificantBits(), was.id().getLeastSignificantBits() + 1);
            for (BookedTransfer altered : List.of(
                    with(was, other, was.sourceKey(), was.kind(), was.credits(), was.occurredAt()),
                    with(was, was.id(), was.sourceKey() + "0", was.kind(), was.credits(), was.occurredAt()),
                    with(was, was.id(), was.sourceKey(), "expiry", was.credits(), was.occurredAt()),
                    with(was, was.id(), was.sourceKey(), was.kind(), was.credits() + 1, was.occurredAt()),
                    with(
                            was,
                            was.id(),
                            was.sourceKey(),
                            was.kind(),
                            was.credits(),
                            was.occurredAt().plusNanos(1_000)))) {
                int place = i;
                assertThat(after(now -> now.set(place, altered))).containsExactly(was.day() + " TRANSFER_ALTERED");
            }
        }
    }

    private static BookedTransfer with(
            BookedTransfer was, UUID id, String source, String kind, long credits, Instant at) {
        return new BookedTransfer(
                id, source, kind, was.debit(), was.credit(), credits, was.operationId(), at, was.createdAt());
    }

    @Test
    void aDeletedAndAnInsertedTransferAreFoundByDay() {
        assertThat(after(now -> now.remove(4))).containsExactly("2026-11-02 TRANSFER_DELETED");
        assertThat(after(now -> now.add(8, transfer(Instant.parse("2026-11-03T10:30:00Z"), "usage:x", 1))))
                .containsExactly("2026-11-03 TRANSFER_INSERTED");
        assertThat(after(now -> now.removeIf(one -> one.day().equals(LocalDate.parse("2026-11-02")))))
                .containsExactly("2026-11-02 TRANSFER_DELETED");
        assertThat(after(now -> now.addFirst(transfer(Instant.parse("2026-10-30T10:30:00Z"), "usage:x", 1))))
                .containsExactly("2026-10-30 TRANSFER_INSERTED");
    }

    @Test
    void twoTransfersThatWouldReadAlikeWithoutTheirLengthsDiffer() {
        Instant at = Instant.parse("2026-11-01T09:00:00Z");
        BookedTransfer one = transfer(at, "a:b", 1);
        BookedTransfer left = with(one, one.id(), "ab", "c", 1, at);
        BookedTransfer right = with(one, one.id(), "a", "bc", 1, at);

        assertThat(left.canonical()).isNotEqualTo(right.canonical());
    }

    @Test
    void aCloseThatWasRewrittenOrRemovedBreaksTheChain() {
        List<LedgerClose> closes = closed(ledger());
        LedgerClose second = closes.get(1);
        List<LedgerClose> rewritten = new ArrayList<>(closes);
        rewritten.set(
                1,
                new LedgerClose(
                        second.day(),
                        second.transfers(),
                        second.digest(),
                        second.sums(),
                        Map.of("credits:available", 1L),
                        second.faults(),
                        second.previousHash(),
                        second.hash()));
        assertThat(verify(rewritten, ledger()).findings())
                .extracting(LedgerVerification.Finding::fault)
                .containsExactly("CLOSE_ALTERED");

        List<LedgerClose> without = new ArrayList<>(closes);
        without.remove(1);
        assertThat(verify(without, ledger()).findings())
                .extracting(finding -> finding.day() + " " + finding.fault())
                .containsExactly("2026-11-03 CHAIN_BROKEN", "2026-11-02 TRANSFER_INSERTED");
    }

    @Test
    void theProofNamesTheAccountThatDoesNotCarryForward() {
        List<LedgerClose> closes = closed(ledger());
        DayTotal next = totals(List.of(transfer(Instant.parse("2026-11-04T09:00:00Z"), "usage:n", 5)))
                .getFirst();
        Map<String, Long> entries = new TreeMap<>(closes.getLast().balances());
        entries.merge("credits:available", -6L, Long::sum);
        entries.merge("credits:consumed", 5L, Long::sum);

        assertThat(Proof.faults(closes.getLast(), next, new Proof.Figures(entries, 2, 0, 1)))
                .containsExactly(
                        new LedgerClose.Fault("NOT_ZERO", "all accounts", 0, -1),
                        new LedgerClose.Fault(
                                "CARRIED_FORWARD",
                                "credits:available",
                                closes.getLast().balances().get("credits:available") - 5,
                                closes.getLast().balances().get("credits:available") - 6),
                        new LedgerClose.Fault("GRANTS", "lots", 0, 2),
                        new LedgerClose.Fault("USAGE", "operations", 0, 1));
    }
}
