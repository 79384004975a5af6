package dev.parley.auth.tenant;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether a tenant may work. */
public enum TenantStatus {
    /** It may. */
    ACTIVE,
    /** Parley's staff stopped it: every credential of its people and keys is refused. */
    SUSPENDED;

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
