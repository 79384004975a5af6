package dev.parley.e2e.wall;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;

/** A tenant context that somebody made with a key of its own. */
final class ContextForgery {
    private ContextForgery() {}

    static String forTenant(String tenant) {
        return TestTokens.member(TenantId.of(tenant), "owner");
    }
}
