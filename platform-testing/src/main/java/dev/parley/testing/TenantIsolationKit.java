package dev.parley.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads pg_catalog and says what is missing in the tenant wall: every table of schema {@code app} either belongs to
 * tenants, and then has all the locks of reliability.md, or is on the list of global tables.
 */
public final class TenantIsolationKit {
    private static final Set<String> PLATFORM_GLOBALS = Set.of("flyway_schema_history");

    private TenantIsolationKit() {}

    /**
     * The faults found in a database, one sentence each; empty when the wall stands.
     *
     * @param globals tables that consciously belong to no tenant
     */
    public static List<String> faults(Connection superuser, Set<String> globals) throws SQLException {
        List<String> faults = new ArrayList<>();
        for (String table : column(superuser, """
                select c.relname from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
                   and not exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
                """)) {
            if (!globals.contains(table) && !PLATFORM_GLOBALS.contains(table)) {
                faults.add(table + " has no tenant_id and is not on the list of global tables");
            }
        }
        faults.addAll(column(superuser, tenantTables("""
                select relname || ': tenant_id may be null' from tenant_table t
                 where exists (select 1 from pg_attribute a where a.attrelid = t.oid and a.attname = 'tenant_id' and not a.attnotnull)
                """)));
        faults.addAll(column(superuser, tenantTables("""
                select relname || ': row level security is not enabled' from tenant_table where not relrowsecurity
                """)));
        faults.addAll(column(superuser, tenantTables("""
                select relname || ': row level security is not forced' from tenant_table where not relforcerowsecurity
                """)));
        faults.addAll(column(superuser, tenantTables("""
                select relname || ': no policy for all commands with USING and WITH CHECK through app.tenant()' from tenant_table t
                 where not exists (select 1 from pg_policy p where p.polrelid = t.oid and p.polcmd = '*' and p.polpermissive
                         and pg_get_expr(p.polqual, p.polrelid) ~ 'tenant_id = \\( SELECT (app\\.)?tenant\\(\\)'
                         and pg_get_expr(p.polwithcheck, p.polrelid) ~ 'tenant_id = \\( SELECT (app\\.)?tenant\\(\\)')
                """)));
        faults.addAll(column(superuser, tenantTables("""
                select t.relname || ': policy ' || p.polname || ' lets every tenant through to ' || coalesce(r.rolname, 'public')
                  from tenant_table t join pg_policy p on p.polrelid = t.oid and p.polpermissive
                  cross join lateral unnest(p.polroles) as role_id
                  left join pg_roles r on r.oid = role_id
                 where coalesce(pg_get_expr(p.polqual, p.polrelid), '') !~ 'tenant_id = \\( SELECT (app\\.)?tenant\\(\\)'
                   and coalesce(r.rolname, 'public') not like '%relay'
                """)));
        faults.addAll(column(superuser, tenantTables("""
                select t.relname || ': ' || i.relname || ' is unique but does not start with tenant_id'
                  from tenant_table t join pg_index x on x.indrelid = t.oid and x.indisunique
                  join pg_class i on i.oid = x.indexrelid
                  left join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
                 where a.attname is distinct from 'tenant_id'
                """)));
        faults.addAll(column(superuser, tenantTables("""
                select t.relname || ': no primary key' from tenant_table t
                 where not exists (select 1 from pg_constraint k where k.conrelid = t.oid and k.contype = 'p')
                """)));
        faults.addAll(column(superuser, tenantTables("""
                select t.relname || ': foreign key ' || k.conname || ' does not include tenant_id'
                  from tenant_table t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
                  join tenant_table target on target.oid = k.confrelid
                 where not exists (select 1 from pg_attribute a where a.attrelid = t.oid and a.attnum = any(k.conkey) and a.attname = 'tenant_id')
                """)));
        faults.addAll(column(superuser, """
                select c.relname || ': view without security_invoker' from pg_class c
                 where c.relnamespace = 'app'::regnamespace and c.relkind = 'v'
                   and not coalesce(c.reloptions::text like '%security_invoker=true%', false)
                """));
        faults.addAll(column(superuser, """
                select 'function ' || proname || ' is SECURITY DEFINER' from pg_proc
                 where pronamespace = 'app'::regnamespace and prosecdef
                """));
        faults.addAll(column(superuser, """
                select 'role ' || rolname || ' is superuser or bypasses row level security' from pg_roles
                 where (rolname like '%app' or rolname like '%relay' or rolname like '%eraser') and (rolsuper or rolbypassrls)
                union all
                select 'role ' || pg_get_userbyid(relowner) || ' owns ' || relname from pg_class
                 where relnamespace = 'app'::regnamespace and relkind in ('r', 'p', 'v')
                   and (pg_get_userbyid(relowner) like '%app' or pg_get_userbyid(relowner) like '%relay' or pg_get_userbyid(relowner) like '%eraser')
                union all
                select 'role ' || r.rolname || ' may truncate ' || c.relname from pg_class c, pg_roles r
                 where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
                   and (r.rolname like '%app' or r.rolname like '%relay' or r.rolname like '%eraser') and not r.rolsuper
                   and has_table_privilege(r.oid, c.oid, 'truncate')
                """));
        return faults;
    }

    private static String tenantTables(String query) {
        return """
                with tenant_table as (
                  select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity from pg_class c
                   where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
                     and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
                )
                """ + query;
    }

    private static List<String> column(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
