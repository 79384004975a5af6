package dev.parley.policy.hold;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** Names the usage of one meter by one operation: the same UUIDv5 for ever, so that no copy is booked twice. */
final class UsageIds {
    private static final UUID NAMESPACE = UUID.fromString("0193a5a0-0000-7000-8000-70a51e700001");

    private UsageIds() {}

    static UUID of(TenantId tenant, UUID operation, String meter) {
        return UuidCreator.getNameBasedSha1(NAMESPACE, tenant + "/" + operation + "/" + meter);
    }
}
