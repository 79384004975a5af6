package dev.parley.e2e.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** All that the databases keep of a tenant at one time, to be compared with another time. */
public final class Holdings {
    private static final Duration GATHERED = Duration.ofSeconds(3);
    /** The head of an audit trail is signed up to a minute after its entries, which are compared. */
    private static final Set<String> FOLLOWING = Set.of("audit_moved", "audit_head");

    private static final List<String> DATABASES =
            List.of("parley_auth", "parley_policy", "parley_agent", "parley_billing", "parley_channel");

    private final Map<String, String> digests;

    private Holdings(Map<String, String> digests) {
        this.digests = digests;
    }

    /** What is kept now, once nothing of it changes by itself any more. */
    public static Holdings of(String tenant) {
        return Eventually.within(Duration.ofSeconds(40), () -> {
            Map<String, String> before = digests(tenant);
            // Longer than any consumer gathers what it writes together.
            LockSupport.parkNanos(GATHERED.toNanos());
            if (!before.equals(digests(tenant)) || !before.get("waiting").isEmpty()) {
                throw new AssertionError("what is kept of the tenant still changes: " + before.get("waiting"));
            }
            return new Holdings(before);
        });
    }

    /** The tables whose rows of the tenant are not what they were, as {@code database/table}. */
    public Set<String> changedSince(Holdings earlier) {
        Set<String> changed = new TreeSet<>();
        digests.forEach((table, digest) -> {
            if (!digest.equals(earlier.digests.get(table))) {
                changed.add(table);
            }
        });
        return changed;
    }

    private static Map<String, String> digests(String tenant) {
        Map<String, String> digests = new TreeMap<>();
        StringBuilder waiting = new StringBuilder();
        for (String database : DATABASES) {
            try (Connection connection =
                    DriverManager.getConnection(Stack.running().superuserUrl(database))) {
                for (String table : tables(connection)) {
                    String digest = digest(connection, table, tenant);
                    if (table.equals("outbox_event")) {
                        waiting.append(digest.isEmpty() ? "" : database + " ");
                    } else if (!FOLLOWING.contains(table)) {
                        digests.put(database + "/" + table, digest);
                    }
                }
            } catch (SQLException e) {
                throw new AssertionError(database, e);
            }
        }
        digests.put("waiting", waiting.toString());
        return digests;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select c.relname from pg_class c
                          join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
                         where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                         order by 1
                        """)) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }

    private static String digest(Connection connection, String table, String tenant) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '')
                  from app.%s t where tenant_id = ?
                """.formatted(table))) {
            statement.setObject(1, UUID.fromString(tenant));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}
