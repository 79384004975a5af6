package dev.parley.platform.security;

import dev.parley.platform.operation.Operation;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/** Names the caller's tenant in the log lines of the request. */
@Provider
@Priority(Priorities.AUTHORIZATION + 1)
public final class TenantLogFilter implements ContainerRequestFilter {
    private final CurrentCaller caller;

    TenantLogFilter(CurrentCaller caller) {
        this.caller = caller;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (caller.isPresent() && caller.get().tenantOrNull() != null) {
            Operation.tenant(caller.get().tenantOrNull());
        }
    }
}
