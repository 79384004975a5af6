package dev.parley.billing.closing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A transfer as it stands in the ledger, with everything that a digest covers. */
record BookedTransfer(
        UUID id,
        String sourceKey,
        String kind,
        String debit,
        String credit,
        long credits,
        @Nullable UUID operationId,
        Instant occurredAt,
        Instant createdAt) {
    private static final int TIMESTAMP_SHIFT = 16;

    /** The day on which it was booked, which its id tells. */
    LocalDate day() {
        return LocalDate.ofInstant(
                Instant.ofEpochMilli(id.getMostSignificantBits() >>> TIMESTAMP_SHIFT), ZoneOffset.UTC);
    }

    /** The lowest id that a transfer of that day can have. */
    static UUID firstIdOf(LocalDate day) {
        long millis = day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        return new UUID(millis << TIMESTAMP_SHIFT, 0);
    }

    /** Its members, each with its length before it, so that no two transfers read alike. */
    String canonical() {
        StringBuilder text = new StringBuilder();
        for (String member : new String[] {
            id.toString(),
            sourceKey,
            kind,
            debit,
            credit,
            Long.toString(credits),
            operationId == null ? "" : operationId.toString(),
            micros(occurredAt),
            micros(createdAt)
        }) {
            text.append(member.length()).append(':').append(member);
        }
        return text.append('\n').toString();
    }

    private static String micros(Instant time) {
        return Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, time));
    }
}
