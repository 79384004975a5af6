package dev.parley.platform.data;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Refuses to start on a database that could not hold the tenant wall or could lose acknowledged writes. */
@ApplicationScoped
class DatabaseRoleGuard {
    private final Jdbi jdbi;
    private final String url;

    DatabaseRoleGuard(DataSource app, @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url) {
        this.jdbi = Jdbi.create(app);
        this.url = url;
    }

    void check(@Observes @jakarta.annotation.Priority(100) StartupEvent event) {
        List<String> faults = jdbi.withHandle(DatabaseRoleGuard::faults);
        if (!faults.isEmpty()) {
            throw new IllegalStateException(
                    "PARLEY_DB_URL (" + url + ") with PARLEY_DB_APP_USER: " + String.join("; ", faults));
        }
    }

    static List<String> faults(Handle handle) {
        return handle.createQuery("""
                        select 'the role ' || rolname || ' is superuser or bypasses row level security'
                          from pg_roles where rolname = current_user and (rolsuper or rolbypassrls)
                        union all
                        select 'the role owns the table ' || relname from pg_class
                          where relnamespace = 'app'::regnamespace and relkind = 'r' and pg_get_userbyid(relowner) = current_user
                        union all
                        select 'the table ' || c.relname || ' has a tenant_id but no forced row level security policy' from pg_class c
                          where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
                            and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
                            and not (c.relrowsecurity and c.relforcerowsecurity and exists (select 1 from pg_policy p
                                 where p.polrelid = c.oid and p.polcmd = '*' and p.polqual is not null and p.polwithcheck is not null))
                        union all
                        select name || ' is off' from pg_settings
                          where name in ('fsync', 'synchronous_commit', 'full_page_writes') and setting = 'off'
                        """).mapTo(String.class).list();
    }
}
