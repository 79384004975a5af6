package dev.parley.platform.tenancy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;
import java.util.UUID;

/** The identity of a tenant: a business that uses Parley. Never an end customer, who is a contact. */
public record TenantId(@JsonValue UUID value) {
    /** Owner of rows that belong to the platform itself, such as the audit trail of the catalogue. */
    public static final TenantId PLATFORM = new TenantId(new UUID(0, 0));

    @JsonCreator
    public TenantId {
        Objects.requireNonNull(value, "tenant id");
    }

    /** Parses the text form of a UUID; throws {@link IllegalArgumentException} when it is not one. */
    public static TenantId of(String text) {
        return new TenantId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
