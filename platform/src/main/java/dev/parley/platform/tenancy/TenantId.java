package dev.parley.platform.tenancy;

import java.util.UUID;

/** The identity of a tenant: a business that uses Parley. Never an end customer, who is a contact. */
public record TenantId(UUID value) {
    /** Parses the text form of a UUID; throws {@link IllegalArgumentException} when it is not one. */
    public static TenantId of(String text) {
        return new TenantId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
