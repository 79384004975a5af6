package dev.parley.agent.tool;

import dev.parley.platform.tenancy.TenantId;
import java.util.Map;

/** Knows the functions that tenants brought themselves. */
@FunctionalInterface
public interface TenantTools {
    /** A tenant's own functions by name, also those that are switched off. */
    Map<String, CheckedTool> of(TenantId tenant);
}
