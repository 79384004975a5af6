package dev.parley.billing.closing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says what of a day does not agree. Pure: figures in, faults out. */
final class Proof {
    private Proof() {}

    /**
     * What stands beside the ledger.
     *
     * @param entries all entries to the end of the day, by account
     * @param grantsNotBooked lots whose grant is not in the ledger with the same credits
     * @param expiriesNotBooked closed lots whose rest is not in the ledger
     * @param usageNotBooked operations whose usage log and ledger differ
     */
    record Figures(Map<String, Long> entries, long grantsNotBooked, long expiriesNotBooked, long usageNotBooked) {}

    static List<LedgerClose.Fault> faults(@Nullable LedgerClose before, DayTotal total, Figures figures) {
        List<LedgerClose.Fault> faults = new ArrayList<>();
        long all =
                figures.entries().values().stream().mapToLong(Long::longValue).sum();
        if (all != 0) {
            faults.add(new LedgerClose.Fault("NOT_ZERO", "all accounts", 0, all));
        }
        Map<String, Long> carried = new TreeMap<>(before == null ? Map.of() : before.balances());
        total.sums().forEach((account, sum) -> carried.merge(account, sum, Math::addExact));
        Set<String> accounts = new TreeSet<>(carried.keySet());
        accounts.addAll(figures.entries().keySet());
        for (String account : accounts) {
            long expected = carried.getOrDefault(account, 0L);
            long found = figures.entries().getOrDefault(account, 0L);
            if (expected != found) {
                faults.add(new LedgerClose.Fault("CARRIED_FORWARD", account, expected, found));
            }
        }
        count(faults, "GRANTS", "lots", figures.grantsNotBooked());
        count(faults, "EXPIRIES", "lots", figures.expiriesNotBooked());
        count(faults, "USAGE", "operations", figures.usageNotBooked());
        return faults;
    }

    private static void count(List<LedgerClose.Fault> faults, String proof, String subject, long found) {
        if (found != 0) {
            faults.add(new LedgerClose.Fault(proof, subject, 0, found));
        }
    }
}
