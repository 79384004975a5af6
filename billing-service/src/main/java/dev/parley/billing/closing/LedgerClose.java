package dev.parley.billing.closing;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one tenant as it was when a day was closed.
 *
 * @param digest SHA-256 over the day's transfers in the order of their ids
 * @param sums what the day's entries add to each account
 * @param balances each account at the end of the day
 * @param faults what could not be proven; empty when all was
 * @param previousHash the hash of the close before, or zeros for the first
 * @param hash SHA-256 over all the other members and the tenant
 */
record LedgerClose(
        LocalDate day,
        long transfers,
        String digest,
        Map<String, Long> sums,
        Map<String, Long> balances,
        List<Fault> faults,
        String previousHash,
        String hash) {
    private static final String FIRST = "0".repeat(64);

    /**
     * What did not agree.
     *
     * @param proof NOT_ZERO, CARRIED_FORWARD, GRANTS, EXPIRIES or USAGE
     * @param subject the account, or what was counted
     */
    record Fault(String proof, String subject, long expected, long found) {}

    /** Closes a day behind another. */
    static LedgerClose after(
            @Nullable LedgerClose before,
            String tenant,
            DayTotal total,
            Map<String, Long> balances,
            List<Fault> faults) {
        LedgerClose close = new LedgerClose(
                total.day(),
                total.transfers(),
                total.digest(),
                new TreeMap<>(total.sums()),
                new TreeMap<>(balances),
                faults,
                before == null ? FIRST : before.hash(),
                "");
        return new LedgerClose(
                close.day,
                close.transfers,
                close.digest,
                close.sums,
                close.balances,
                close.faults,
                close.previousHash,
                close.hashFor(tenant));
    }

    /** What the hash must be. */
    String hashFor(String tenant) {
        return new Digest()
                .add(String.join(
                        "\n",
                        previousHash,
                        tenant,
                        day.toString(),
                        Long.toString(transfers),
                        digest,
                        new TreeMap<>(sums).toString(),
                        new TreeMap<>(balances).toString(),
                        faults.toString()))
                .end();
    }

    /** Whether it follows that close, or is the first when there is none. */
    boolean follows(@Nullable LedgerClose before) {
        return previousHash.equals(before == null ? FIRST : before.hash());
    }
}
