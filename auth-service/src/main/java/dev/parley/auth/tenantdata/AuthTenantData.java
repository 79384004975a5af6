package dev.parley.auth.tenantdata;

import dev.parley.auth.erasure.ErasureService;
import dev.parley.platform.data.Database;
import dev.parley.platform.lifecycle.TenantData;
import dev.parley.platform.lifecycle.TenantTable;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Who belongs to the tenant, its keys and its trail. */
@ApplicationScoped
class AuthTenantData implements TenantData {
    private static final String ACCESS = "tells who may come in now; what has ended is in the audit trail";
    private static final String PLATFORMS = "rows of the platform: what is known of erasures, without names";
    private static final List<TenantTable> TABLES = List.of(
            TenantTable.named("api_key").exported("api-keys", "id", """
                            id, name, prefix, scopes, expires_at, last_used_at, revoked_at, service_account_id, rate_limit,
                            created_at, created_by
                            """).notRetained(ACCESS),
            TenantTable.named("service_account")
                    .exported("service-accounts", "id", """
                            id, name, description, disabled_at, created_at, created_by
                            """)
                    .notRetained(ACCESS),
            TenantTable.named("invitation").exported("invitations", "id", """
                            id, email, role, expires_at, accepted_at, accepted_by, revoked_at, created_at, created_by
                            """).notRetained(ACCESS),
            TenantTable.named("membership")
                    .exportedFrom("member_export", "members", "user_id", """
                            user_id, email, name, role, joined_at, removed_at, created_by
                            """)
                    .notRetained(ACCESS),
            TenantTable.named("mail")
                    .exported("mails", "id", "id, recipient, status, attempts, created_at, updated_at")
                    .notRetained("the mail worker deletes what was sent or given up"),
            TenantTable.named("audit_log")
                    .exported("audit-log", "seq", """
                            seq, event_id, at, actor, action, resource_type, resource_id, before_state, after_state, reason,
                            ticket, staff, access_id, operation_id, previous_hash, hash
                            """)
                    .notRetained("each entry proves those before it: the trail ends with the tenant only"),
            TenantTable.named("audit_head")
                    .exported("audit-heads", "seq", "seq, hash, signed_at, jws")
                    .notRetained("proves the trail, which ends with the tenant only"),
            TenantTable.named("audit_moved")
                    .notExported("a note that the trail has grown")
                    .notRetained("lives until the head is signed"),
            TenantTable.named("break_glass_grant")
                    .exported("staff-access", "id", """
                            id, admin_id, reason, ticket, opened_at, expires_at, ended_at, ended_by
                            """)
                    .notRetained("tells when Parley's staff looked"),
            TenantTable.named("export_part").notExported("the manifest says it").notRetained("goes with its export"),
            TenantTable.named("export")
                    .exported("exports", "id", "id, status, requested_by, created_at, ended_at")
                    .notRetained("tells who took the data out, and when"),
            TenantTable.named("tenant")
                    .exported("tenant", "tenant_id", """
                            tenant_id, name, status, region, settings, retention, created_at, created_by, suspended_at,
                            suspension_reason
                            """)
                    .kept("the tombstone: number, status and times; name and settings are emptied")
                    .notRetained("the tenant itself"),
            TenantTable.named("erasure_answer")
                    .notExported(PLATFORMS)
                    .kept(PLATFORMS)
                    .notRetained(PLATFORMS),
            TenantTable.named("erasure").notExported(PLATFORMS).kept(PLATFORMS).notRetained(PLATFORMS));

    private final PeopleFarewellFlow people;
    private final ErasureService erasures;
    private final FarewellRepository repository;

    AuthTenantData(PeopleFarewellFlow people, ErasureService erasures, FarewellRepository repository) {
        this.people = people;
        this.erasures = erasures;
        this.repository = repository;
    }

    @Override
    public List<TenantTable> tables() {
        return TABLES;
    }

    /** Keeps the head of the trail for the certificate, empties the tenant and ends people who belong nowhere else. */
    @Override
    public void leave(TenantId tenant, Database database) {
        database.inTenant(tenant, repository::auditHead).ifPresent(head -> erasures.noteAuditHead(tenant, head));
        people.leave(tenant);
        erasures.endTenant(tenant);
    }
}
