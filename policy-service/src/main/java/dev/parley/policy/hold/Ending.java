package dev.parley.policy.hold;

import dev.parley.policy.lease.HoldToken;
import dev.parley.policy.lease.LeasedHold;
import dev.parley.policy.rating.RatedLine;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Something that ends a hold, or keeps it otherwise than before. */
sealed interface Ending {
    /** Whose hold it is. */
    UUID operation();

    /** What is known of the operation's hold in a lease. */
    Known known();

    /** The same with another knowledge. */
    Ending knowing(Known known);

    /**
     * What is known of a hold in a lease, beside what stands in tables.
     *
     * @param named what its token says
     * @param live the hold itself, when it is in this replica's memory
     */
    record Known(@Nullable HoldToken named, @Nullable LeasedHold live) {
        static final Known NOTHING = new Known(null, null);

        @Nullable
        HoldToken hold() {
            return live != null ? live.named() : named;
        }
    }

    /** Charges what was used. */
    record Settle(
            UUID operation,
            Known known,
            SettlementRequest request,
            List<RatedLine> lines,
            long price,
            long cap,
            Map<String, Long> counted,
            @Nullable String traceparent)
            implements Ending {
        @Override
        public Settle knowing(Known other) {
            return new Settle(operation, other, request, lines, price, cap, counted, traceparent);
        }
    }

    /** Gives the credits back because the work was not done. */
    record Release(UUID operation, Known known, String reason) implements Ending {
        @Override
        public Release knowing(Known other) {
            return new Release(operation, other, reason);
        }
    }

    /** Gives the credits back because the hold ran out. */
    record Expire(UUID operation, Known known) implements Ending {
        @Override
        public Expire knowing(Known other) {
            return new Expire(operation, other);
        }
    }

    /** Makes a row of a hold in memory, because this replica stops. */
    record Keep(UUID operation, Known known) implements Ending {
        @Override
        public Keep knowing(Known other) {
            return new Keep(operation, other);
        }
    }
}
