package dev.parley.auth.signup;

import dev.parley.auth.identity.EmailAddress;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class SignupRepository {
    /** Notes the intent; false when the sign-up of that address was completed before. */
    boolean begin(Handle handle, EmailAddress email, String name, String organization) {
        return handle.createUpdate("""
                        insert into app.signup (email, name, organization) values (:email, :name, :organization)
                        on conflict (email) do update
                          set name = excluded.name, organization = excluded.organization, updated_at = now()
                          where signup.status = 'started'
                        """)
                        .bind("email", email.value())
                        .bind("name", name)
                        .bind("organization", organization)
                        .execute()
                == 1;
    }

    boolean isCompleted(Handle handle, EmailAddress email) {
        return handle.createQuery(
                        "select exists (select 1 from app.signup where email = :email and status = 'completed')")
                .bind("email", email.value())
                .mapTo(Boolean.class)
                .one();
    }

    /** Completes the sign-up in the transaction that makes the tenant; false for everybody but the first. */
    boolean complete(
            Handle handle, EmailAddress email, String name, String organization, UUID userId, TenantId tenant) {
        return handle.createUpdate("""
                        insert into app.signup (email, name, organization, status, user_id, organization_tenant_id)
                        values (:email, :name, :organization, 'completed', :user, :tenant)
                        on conflict (email) do update
                          set name = excluded.name, organization = excluded.organization, status = 'completed',
                              user_id = excluded.user_id, organization_tenant_id = excluded.organization_tenant_id,
                              updated_at = now()
                          where signup.status = 'started'
                        """)
                        .bind("email", email.value())
                        .bind("name", name)
                        .bind("organization", organization)
                        .bind("user", userId)
                        .bind("tenant", tenant.value())
                        .execute()
                == 1;
    }

    void forget(Handle handle, EmailAddress email) {
        handle.createUpdate("delete from app.signup where email = :email and status = 'started'")
                .bind("email", email.value())
                .execute();
    }

    List<Signup> unfinished(Handle handle, Duration since, int limit) {
        return handle.createQuery("""
                        select email, name, organization, created_at from app.signup
                        where status = 'started' and updated_at < now() - make_interval(secs => :seconds)
                        order by updated_at limit :limit
                        """)
                .bind("seconds", (double) since.toSeconds())
                .bind("limit", limit)
                .map((row, context) -> new Signup(
                        new EmailAddress(row.getString("email")),
                        row.getString("name"),
                        row.getString("organization"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
