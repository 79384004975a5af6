package dev.parley.testing;

import dev.parley.platform.crypto.SealedColumn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads pg_catalog and says what a rotation of keys would forget, or could not do: a column of bytes that is neither
 * sealed nor known to be something else, a sealed one that does not exist or that the service may not write.
 */
public final class SealedColumnKit {
    private static final Set<String> WRAPPED_KEYS = Set.of(
            "tenant_data_key.wrapped",
            "tenant_data_key.wrapped_by",
            "tenant_event_key.wrapped",
            "tenant_event_key.wrapped_by");

    private SealedColumnKit() {}

    /**
     * The faults found, one sentence each; empty when each column of bytes is accounted for.
     *
     * @param sealed the service's beans
     * @param others columns of bytes that are not encrypted by the vault, as {@code table.column}
     */
    public static List<String> faults(Connection superuser, Collection<SealedColumn> sealed, Set<String> others)
            throws SQLException {
        Set<String> declared = sealed.stream().map(SealedColumn::toString).collect(Collectors.toSet());
        Set<String> bytes = columns(superuser, """
                select c.relname || '.' || a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
                 where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
                   and a.attnum > 0 and not a.attisdropped and a.atttypid = 'bytea'::regtype
                """);
        List<String> faults = new ArrayList<>();
        for (String column : bytes) {
            if (!declared.contains(column) && !others.contains(column) && !WRAPPED_KEYS.contains(column)) {
                faults.add(column + " is neither sealed nor said to be something else");
            }
        }
        for (String column : others) {
            if (!bytes.contains(column)) {
                faults.add(column + " is said to be bytes and is not there");
            }
        }
        for (SealedColumn column : sealed) {
            if (column.row() != null && !bytes.contains(column.toString())) {
                faults.add(column + " is sealed and is no column of bytes");
            } else if (columns(superuser, rotatable(column)).isEmpty()) {
                faults.add(column + " cannot be encrypted anew by the service's role");
            }
        }
        return faults;
    }

    private static String rotatable(SealedColumn column) {
        return """
                select r.rolname from pg_roles r join pg_attribute a on a.attrelid = 'app.%1$s'::regclass and a.attname = '%3$s'
                 where r.rolname = '%4$s' and has_column_privilege(r.oid, 'app.%1$s', '%2$s', 'select')
                   and has_column_privilege(r.oid, 'app.%1$s', '%2$s', 'update')
                   and %5$s = exists (select 1 from pg_attribute t where t.attrelid = a.attrelid and t.attname = 'tenant_id')
                """.formatted(
                        column.table(),
                        column.column(),
                        column.row() == null ? column.column() : column.row(),
                        PostgresServer.APP,
                        !column.ofPlatform());
    }

    private static Set<String> columns(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            Set<String> names = new TreeSet<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }
}
