package dev.parley.auth.tenant;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Where a tenant stands in its life, and which way it may go from there; nothing else decides that. */
public enum TenantStatus {
    /** It works, and billing has not told its subscription yet. */
    PENDING,
    /** It works on a trial. */
    TRIAL,
    /** It works. */
    ACTIVE,
    /** Parley's staff stopped it: every credential of its people and keys is refused. */
    SUSPENDED,
    /** An owner deleted it; it can be restored for a while. */
    DELETED,
    /** Its data is being erased, for good. */
    ERASING,
    /** Nothing is left of it; it is nobody's. */
    ERASED;

    private static final Map<TenantStatus, Set<TenantStatus>> NEXT = Map.of(
            PENDING, Set.of(TRIAL, ACTIVE, SUSPENDED, DELETED, ERASING),
            TRIAL, Set.of(ACTIVE, SUSPENDED, DELETED, ERASING),
            ACTIVE, Set.of(TRIAL, SUSPENDED, DELETED, ERASING),
            SUSPENDED, Set.of(PENDING, TRIAL, ACTIVE),
            DELETED, Set.of(PENDING, TRIAL, ACTIVE, ERASING),
            ERASING, Set.of(ERASED),
            ERASED, Set.of());

    /** Whether its people and keys may work. */
    public boolean works() {
        return this == PENDING || this == TRIAL || this == ACTIVE;
    }

    /** Whether its data is being erased, or was. */
    public boolean ends() {
        return this == ERASING || this == ERASED;
    }

    /** Whether this status may follow at once. */
    public boolean mayBecome(TenantStatus next) {
        return NEXT.get(this).contains(next);
    }

    /** The word used in JSON and in the database. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The status of a word in the database. */
    public static TenantStatus of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
