package dev.parley.auth.tenant;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with a tenant. */
public enum TenantProblem implements ProblemType {
    /** Parley's staff stopped the tenant. */
    TENANT_SUSPENDED(403, "The organisation is suspended"),
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
