package dev.parley.testing;

import dev.parley.platform.lifecycle.PlatformData;
import dev.parley.platform.lifecycle.TenantData;
import dev.parley.platform.lifecycle.TenantTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads pg_catalog and says what a service has forgotten of its tenants' data: a table that nobody exports, erases or
 * retains, an order that foreign keys refuse, a column of a secret in an export, a table that the eraser cannot reach.
 */
public final class TenantDataKit {
    private static final Pattern SECRET =
            Pattern.compile(".*(sha256|hash_of|secret|credential|wrapped|private|token).*");

    private TenantDataKit() {}

    /** The faults found, one sentence each; empty when every table has its life. */
    public static List<String> faults(Connection superuser, TenantData data) throws SQLException {
        List<TenantTable> declared = PlatformData.with(data);
        List<String> faults = new ArrayList<>();
        Set<String> names = new HashSet<>();
        declared.forEach(table -> {
            table.fault().ifPresent(faults::add);
            if (!names.add(table.name())) {
                faults.add(table.name() + " is declared twice");
            }
        });
        List<String> present = column(superuser, """
                select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                 where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
                """);
        present.stream()
                .filter(table -> !names.contains(table))
                .forEach(table -> faults.add(table + " is not declared: how is it exported, erased and retained?"));
        names.stream()
                .filter(table -> !present.contains(table))
                .forEach(table -> faults.add(table + " is declared and does not exist"));
        Set<String> erased = new HashSet<>();
        for (TenantTable table : declared) {
            if (present.contains(table.name())) {
                faults.addAll(exportFaults(superuser, table));
                if (table.kept() == null) {
                    faults.addAll(eraserFaults(superuser, table.name()));
                    erased.add(table.name());
                    for (String child : column(superuser, children(table.name()))) {
                        if (!erased.contains(child)) {
                            faults.add(table.name() + " is erased before " + child + ", which refers to it");
                        }
                    }
                }
            }
        }
        return faults;
    }

    private static String children(String table) {
        return "select distinct conrelid::regclass::text from pg_constraint where contype = 'f' and confrelid = 'app."
                + table + "'::regclass and conrelid <> confrelid";
    }

    private static List<String> exportFaults(Connection superuser, TenantTable table) throws SQLException {
        List<String> faults = new ArrayList<>();
        if (table.export() == null) {
            return faults;
        }
        List<String> columns = column(
                superuser,
                "select attname || ':' || format_type(atttypid, null) from pg_attribute where attrelid = 'app."
                        + table.export().source() + "'::regclass and attnum > 0 and not attisdropped");
        List<String> wanted = new ArrayList<>(table.export().columns());
        wanted.addAll(table.export().key());
        for (String name : wanted) {
            List<String> found = columns.stream()
                    .filter(column -> column.startsWith(name + ":"))
                    .toList();
            if (found.isEmpty()) {
                faults.add(table.name() + " exports " + name + ", which does not exist");
            } else if (found.getFirst().endsWith(":bytea")
                    || SECRET.matcher(name).matches() && !name.endsWith("_tokens")) {
                faults.add(table.name() + " exports " + name + ", which may be a secret");
            }
        }
        return faults;
    }

    private static List<String> eraserFaults(Connection superuser, String table) throws SQLException {
        return column(superuser, """
                select '%1$s: the eraser role may not delete from it' from pg_roles r where r.rolname = '%2$s'
                   and not (has_table_privilege(r.oid, 'app.%1$s', 'select') and has_table_privilege(r.oid, 'app.%1$s', 'delete')
                     and exists (select 1 from pg_policy p where p.polrelid = 'app.%1$s'::regclass
                       and p.polname = '%1$s_tenant_isolation' and (r.oid = any(p.polroles) or 0 = any(p.polroles))))
                """.formatted(table, PostgresServer.ERASER));
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
