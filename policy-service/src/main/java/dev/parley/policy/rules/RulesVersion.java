package dev.parley.policy.rules;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One version of the platform's rules; only its status ever changes.
 *
 * @param activatedAt when it was put in force last, if it was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RulesVersion(
        int version,
        Status status,
        RulesDocument rules,
        String createdBy,
        Instant createdAt,
        @Nullable String activatedBy,
        @Nullable Instant activatedAt) {

    /** Where a version stands. */
    public enum Status {
        /** Never in force. */
        DRAFT,
        /** In force. */
        ACTIVE,
        /** Was in force. */
        RETIRED;

        /** The name on the wire. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
