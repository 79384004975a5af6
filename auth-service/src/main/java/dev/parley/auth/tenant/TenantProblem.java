package dev.parley.auth.tenant;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with a tenant. */
public enum TenantProblem implements ProblemType {
    /** Parley's staff stopped the tenant. */
    TENANT_SUSPENDED(403, "The organisation is suspended"),
    /** An owner deleted the tenant, or its data is being erased. */
    TENANT_DELETED(403, "The organisation was deleted"),
    /** Only an owner may do this. */
    OWNER_REQUIRED(403, "Only an owner may do this"),
    /** The tenant's status does not allow it. */
    TENANT_STATUS_CONFLICT(409, "The organisation's status does not allow this"),
    /** The person owns as many tenants as one may. */
    TOO_MANY_TENANTS(409, "You own as many organisations as one person may"),
    /** What was typed to confirm is not the tenant's name. */
    CONFIRMATION_MISMATCH(422, "The confirmation is not the organisation's name"),
    /** Parley offers no such region. */
    REGION_UNKNOWN(422, "There is no such region"),
    /** The settings would grow beyond their limit. */
    SETTINGS_TOO_LARGE(422, "The settings are too large");

    private final int status;
    private final String title;

    TenantProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
