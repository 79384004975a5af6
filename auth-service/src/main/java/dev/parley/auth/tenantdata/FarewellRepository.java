package dev.parley.auth.tenantdata;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class FarewellRepository {
    /** Number and hash of the last entry of the tenant's trail, as JSON. */
    Optional<String> auditHead(Handle handle) {
        return handle.createQuery("""
                        select json_build_object('seq', seq, 'hash', hash)::text from app.audit_log
                         where tenant_id = app.tenant() order by seq desc limit 1
                        """).mapTo(String.class).findOne();
    }

    /** Everybody who belongs to the tenant of the transaction, or did. */
    List<UUID> people(Handle handle) {
        return handle.createQuery("select user_id from app.membership where tenant_id = app.tenant() order by user_id")
                .mapTo(UUID.class)
                .list();
    }

    /** Whether a person belongs to another tenant now; needs the transaction of the relay role. */
    boolean belongsElsewhere(Handle relay, UUID person, UUID tenant) {
        return relay.createQuery("""
                        select exists (select 1 from app.membership
                          where user_id = :person and removed_at is null and tenant_id <> :tenant)
                        """)
                .bind("person", person)
                .bind("tenant", tenant)
                .mapTo(Boolean.class)
                .one();
    }

    /** Deletes what is kept of a person's logins; needs no tenant. */
    int deleteLogins(Handle handle, UUID person) {
        int deleted = 0;
        for (String table : List.of("browser_session", "login_session", "known_device")) {
            deleted += handle.createUpdate("delete from app." + table + " where user_id = :person")
                    .bind("person", person)
                    .execute();
        }
        return deleted;
    }

    /** Deletes a person's account and sign-up. */
    boolean deletePerson(Handle eraser, UUID person) {
        eraser.createUpdate("""
                        delete from app.signup where user_id = :person
                           or email = (select email from app.user_account where id = :person)
                        """).bind("person", person).execute();
        return eraser.createUpdate("delete from app.user_account where id = :person")
                        .bind("person", person)
                        .execute()
                == 1;
    }

    /** Deletes the sign-ups that made the tenant of the transaction. */
    boolean deleteSignups(Handle eraser) {
        return eraser.createUpdate("delete from app.signup where organization_tenant_id = app.tenant()")
                        .execute()
                > 0;
    }
}
