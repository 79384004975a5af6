package dev.parley.platform.security;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as proven by a verified tenant context; never taken from a header or a body.
 *
 * @param tenantOrNull the tenant that the caller acts for, or null for platform staff and people without one
 * @param subject the user's id, {@code api-key:<id>} or {@code service:<name>}
 * @param authProvider how the caller proved who it is, for example {@code password} or {@code api-key}
 * @param roles owner, admin, member (each with those below it), platform-admin, api-key, service
 * @param scopes what the caller's credential may do: chat, read, write
 * @param access the grant of a caller with the role break-glass, otherwise null
 */
public record Caller(
        @Nullable TenantId tenantOrNull,
        String subject,
        String authProvider,
        Set<String> roles,
        Set<String> scopes,
        @Nullable StaffAccess access) {
    /** The role of a user of Parley's own staff. */
    public static final String PLATFORM_ADMIN = "platform-admin";

    /** The role of another service of Parley. */
    public static final String SERVICE = "service";

    /** The only role of a member of Parley's staff who reads a tenant's individual records under a grant. */
    public static final String BREAK_GLASS = "break-glass";

    /** A caller without a break-glass grant. */
    public Caller(
            @Nullable TenantId tenantOrNull,
            String subject,
            String authProvider,
            Set<String> roles,
            Set<String> scopes) {
        this(tenantOrNull, subject, authProvider, roles, scopes, null);
    }

    /** The caller's tenant; a 403 problem when it acts for none. */
    public TenantId tenant() {
        if (tenantOrNull == null) {
            throw new Problem(CommonProblem.NO_TENANT);
        }
        return tenantOrNull;
    }

    /** Whether this is a member of Parley's own staff. */
    public boolean platformAdmin() {
        return roles.contains(PLATFORM_ADMIN);
    }

    /** Whether this is a member of Parley's staff who reads a tenant's individual records under a grant. */
    public boolean breakGlass() {
        return roles.contains(BREAK_GLASS);
    }

    /** Whether this is Parley's staff acting on a tenant that is not the caller's own. */
    public boolean staffAt(TenantId tenant) {
        return breakGlass() || platformAdmin() && !tenant.equals(tenantOrNull) && !tenant.equals(TenantId.PLATFORM);
    }

    /** Whether this is another service of Parley. */
    public boolean isService() {
        return roles.contains(SERVICE);
    }

    /** How the caller is named in the audit trail and in created_by columns. */
    public String actor() {
        return subject;
    }
}
