package dev.parley.local.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Any number of further tenants: copies of all rows of one real tenant, in every database and in Keycloak, each with a
 * tenant and an owner of its own. What is encrypted or signed for the real one is not copied.
 */
final class Crowd {
    private static final List<String> SERVICES = List.of("auth", "policy", "agent", "billing", "channel");
    private static final List<String> NOT_COPIED = List.of(
            "outbox_event", "processed_event", "idempotency_record", "tenant_data_key", "tenant_event_key", "mail");
    private static final String TENANT = "('0193b000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid";
    private static final String USER = "('0193b001-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid";
    private static final String ADDRESS = "'crowd-' || i || '@example.com'";
    private static final String FIRST = "'0193b000-0000-7000-8000-000000000000'";
    private static final String LAST = "'0193b000-0000-7000-8000-ffffffffffff'";

    private final Bed bed;
    private final Account template;
    private int size;

    Crowd(Bed bed, Account template) {
        this.bed = bed;
        this.template = template;
    }

    /** The tenant of one of them, from 1. */
    static UUID tenant(int number) {
        return UUID.fromString("0193b000-0000-7000-8000-%012x".formatted(number));
    }

    /** Lets it grow to this size. */
    void growTo(int wanted) throws SQLException {
        for (String service : SERVICES) {
            try (Connection connection = bed.database(service);
                    Statement sql = connection.createStatement()) {
                begin(sql);
                for (String table : tables(sql, service)) {
                    Map<String, String> instead = new LinkedHashMap<>();
                    instead.put("tenant_id", TENANT);
                    instead.put("user_id", USER);
                    // What is found by its hash alone, before any tenant is known, is nobody's twice.
                    instead.put("key_sha256", "sha256(convert_to(t.id::text || '/' || i, 'UTF8'))");
                    instead.put("token_sha256", "sha256(convert_to(t.id::text || '/' || i, 'UTF8'))");
                    copy(sql, "app", table, "t.tenant_id = '" + template.tenantId() + "'", instead, wanted);
                }
                if (service.equals("auth")) {
                    Map<String, String> instead = Map.of("id", USER, "email", ADDRESS);
                    copy(sql, "app", "user_account", "t.id = '" + template.userId() + "'", instead, wanted);
                }
            }
        }
        try (Connection connection = bed.database("keycloak");
                Statement sql = connection.createStatement()) {
            begin(sql);
            String own = "= '" + template.userId() + "'";
            copy(
                    sql,
                    "public",
                    "user_entity",
                    "t.id " + own,
                    Map.of("id", USER + "::text", "email", ADDRESS, "email_constraint", ADDRESS, "username", ADDRESS),
                    wanted);
            copy(sql, "public", "user_role_mapping", "t.user_id " + own, Map.of("user_id", USER + "::text"), wanted);
        }
        size = wanted;
        settle();
    }

    /** Makes it disappear. */
    void leave() throws SQLException {
        for (String service : SERVICES) {
            try (Connection connection = bed.database(service);
                    Statement sql = connection.createStatement()) {
                begin(sql);
                for (String table : tables(sql, service)) {
                    sql.execute("delete from app." + table + " where tenant_id between " + FIRST + " and " + LAST);
                }
                if (service.equals("auth")) {
                    sql.execute("delete from app.user_account where email like 'crowd-%'");
                }
            }
        }
        try (Connection connection = bed.database("keycloak");
                Statement sql = connection.createStatement()) {
            begin(sql);
            sql.execute("delete from user_role_mapping where user_id like '0193b001-%'");
            sql.execute("delete from user_entity where email like 'crowd-%'");
        }
        size = 0;
        settle();
    }

    /** Gives each of these keys to a tenant of the crowd of its own. */
    void takeOver(List<Account.Key> keys) throws SQLException {
        try (Connection connection = bed.database("auth");
                Statement sql = connection.createStatement()) {
            begin(sql);
            for (int i = 0; i < keys.size(); i++) {
                sql.execute("update app.api_key set tenant_id = '"
                        + tenant(1 + (int) ((long) i * size / keys.size())) + "' where id = '"
                        + keys.get(i).id() + "'");
            }
        }
    }

    /** Row counts of what the crowd has in one database, for the report. */
    long rows() throws SQLException {
        long rows = 0;
        for (String service : SERVICES) {
            try (Connection connection = bed.database(service);
                    Statement sql = connection.createStatement()) {
                for (String table : tables(sql, service)) {
                    try (ResultSet count = sql.executeQuery("select count(*) from app." + table
                            + " where tenant_id between " + FIRST + " and " + LAST)) {
                        count.next();
                        rows += count.getLong(1);
                    }
                }
            }
        }
        return rows;
    }

    // Otherwise autovacuum would do it in the middle of what is measured.
    private void settle() throws SQLException {
        for (String service : SERVICES) {
            vacuum(service);
        }
        vacuum("keycloak");
    }

    private void vacuum(String database) throws SQLException {
        try (Connection connection = bed.database(database);
                Statement sql = connection.createStatement()) {
            sql.execute("vacuum (analyze)");
            sql.execute("checkpoint");
        }
    }

    private static void begin(Statement sql) throws SQLException {
        // Foreign keys and triggers rest: the copies are as consistent as the rows they are copied from.
        sql.execute("set session_replication_role = replica");
        sql.execute("set synchronous_commit = off");
    }

    private static List<String> tables(Statement sql, String service) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows = sql.executeQuery("""
            select c.table_name from information_schema.columns c
              join information_schema.tables t using (table_schema, table_name)
             where c.table_schema = 'app' and c.column_name = 'tenant_id' and t.table_type = 'BASE TABLE'
             order by 1\
            """)) {
            while (rows.next()) {
                String table = rows.getString(1);
                if (!NOT_COPIED.contains(table) && !table.startsWith("audit") && !table.startsWith("mail_")) {
                    tables.add(table);
                }
            }
        }
        if (tables.isEmpty()) {
            throw new SQLException("no tables in the database of " + service);
        }
        return tables;
    }

    private void copy(Statement sql, String schema, String table, String which, Map<String, String> instead, int wanted)
            throws SQLException {
        List<String> columns = new ArrayList<>();
        try (ResultSet rows = sql.executeQuery("""
            select column_name from information_schema.columns
             where table_schema = '%s' and table_name = '%s'
               and is_identity = 'NO' and is_generated = 'NEVER'
             order by ordinal_position\
            """.formatted(schema, table))) {
            while (rows.next()) {
                columns.add(rows.getString(1));
            }
        }
        List<String> values = columns.stream()
                .map(column -> instead.getOrDefault(column, "t.\"" + column + "\""))
                .toList();
        sql.execute(
                "insert into %s.%s (\"%s\") select %s from %s.%s t cross join generate_series(%d, %d) as s (i) where %s"
                        .formatted(
                                schema,
                                table,
                                String.join("\", \"", columns),
                                String.join(", ", values),
                                schema,
                                table,
                                size + 1,
                                wanted,
                                which));
    }
}
