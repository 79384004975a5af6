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

    /** Everybody who belongs to the tenant of the transaction now; who was removed before has gone its own way. */
    List<UUID> people(Handle handle) {
        return handle.createQuery("""
                        select user_id from app.membership where tenant_id = app.tenant() and removed_at is null
                        order by user_id
                        """).mapTo(UUID.class).list();
    }

    /** From now on the person joins no tenant; who is joining one at this moment has joined when this returns. */
    boolean beginLeaving(Handle handle, UUID person) {
        return handle.createUpdate("update app.user_account set leaving_at = now() where id = :person")
                        .bind("person", person)
                        .execute()
                == 1;
    }

    /** The person may join again. */
    boolean endLeaving(Handle handle, UUID person) {
        return handle.createUpdate("update app.user_account set leaving_at = null where id = :person")
                        .bind("person", person)
                        .execute()
                == 1;
    }

    /**
     * Whether a person belongs to another tenant now that is not itself at its end; needs the transaction of the relay
     * role.
     */
    boolean belongsElsewhere(Handle relay, UUID person, UUID tenant) {
        return relay.createQuery("""
                        select exists (select 1 from app.membership m join app.tenant t on t.tenant_id = m.tenant_id
                          where m.user_id = :person and m.removed_at is null and m.tenant_id <> :tenant
                            and t.status not in ('erasing', 'erased'))
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
