package dev.parley.agent.tool;

import dev.parley.platform.tenancy.TenantId;

/** Knows what people approved of what agents want to do. */
@FunctionalInterface
public interface Approvals {
    /** Whether it may be done now: then the approval is used up. If not, a person is asked. */
    boolean take(TenantId tenant, Wish wish);
}
