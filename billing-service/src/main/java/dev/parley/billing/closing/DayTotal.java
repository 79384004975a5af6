package dev.parley.billing.closing;

import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the transfers of one day come to.
 *
 * @param sums what they add to each account
 */
record DayTotal(LocalDate day, long transfers, String digest, Map<String, Long> sums) {

    /** Adds up transfers that come in order of their ids, and hands out each day when it is over. */
    static final class Counter implements Consumer<BookedTransfer> {
        private final Consumer<DayTotal> days;
        private final Digest digest = new Digest();
        private @Nullable LocalDate day;
        private long transfers;
        private Map<String, Long> sums = new TreeMap<>();

        Counter(Consumer<DayTotal> days) {
            this.days = days;
        }

        @Override
        public void accept(BookedTransfer transfer) {
            if (!transfer.day().equals(day)) {
                end();
                day = transfer.day();
            }
            transfers++;
            digest.add(transfer.canonical());
            sums.merge(transfer.debit(), -transfer.credits(), Math::addExact);
            sums.merge(transfer.credit(), transfer.credits(), Math::addExact);
        }

        /** Hands out the last day. */
        void end() {
            if (day != null) {
                days.accept(new DayTotal(day, transfers, digest.end(), sums));
            }
            day = null;
            transfers = 0;
            sums = new TreeMap<>();
        }
    }
}
