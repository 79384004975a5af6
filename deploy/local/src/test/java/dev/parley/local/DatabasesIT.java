package dev.parley.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasesIT {
    @TempDir
    static Path folder;

    private static ParleyStack stack;

    @BeforeAll
    static void startPostgres() throws IOException {
        int offset;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            offset = probe.getLocalPort() - Part.POSTGRESQL.basePorts().getFirst();
        }
        stack = ParleyStack.start(StackOptions.of(folder, offset)
                .withParts(Set.of(Part.POSTGRESQL))
                .withSeed(false));
    }

    @AfterAll
    static void stopPostgres() {
        stack.close();
        assertThat(stack.running()).isEmpty();
    }

    @Test
    void noRoleOfOursIsAboveRowLevelSecurity() throws SQLException {
        assertThat(query("postgres", "select rolname from pg_roles where rolname like 'parley%'"))
                .hasSize(21);
        assertThat(query("postgres", """
                        select rolname from pg_roles where rolname like 'parley%'
                         and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolinherit)
                        """)).isEmpty();
    }

    @Test
    void appAndRelayOwnNothing() throws SQLException {
        for (String service : Databases.SERVICES) {
            assertThat(query(Databases.database(service), """
                            select relname from pg_class where relowner in
                              (select oid from pg_roles where rolname ~ '_(app|relay)$')
                            union all select nspname from pg_namespace where nspowner in
                              (select oid from pg_roles where rolname ~ '_(app|relay)$')
                            union all select datname from pg_database where datdba in
                              (select oid from pg_roles where rolname ~ '_(app|relay)$')
                            """)).as(service).isEmpty();
            assertThat(query(
                            Databases.database(service),
                            "select nspowner::regrole::text from pg_namespace where nspname = 'app'"))
                    .containsExactly(Databases.migrator(service));
        }
    }

    @Test
    void aServicesRoleEntersItsOwnDatabaseOnly() throws SQLException {
        try (Connection own = connectAs("parley_billing_app", "parley_billing")) {
            assertThat(own.isValid(2)).isTrue();
        }
        assertThatThrownBy(() -> connectAs("parley_billing_app", "parley_policy"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied for database \"parley_policy\"");
    }

    @Test
    void appCannotMakeTables() throws SQLException {
        try (Connection app = connectAs("parley_billing_app", "parley_billing");
                Statement sql = app.createStatement()) {
            assertThatThrownBy(() -> sql.execute("create table app.mine (id int)"))
                    .hasMessageContaining("permission denied for schema app");
            assertThatThrownBy(() -> sql.execute("create table public.mine (id int)"))
                    .hasMessageContaining("permission denied for schema public");
        }
    }

    @Test
    void acknowledgedRowsSurvive() throws SQLException {
        assertThat(query(
                        "postgres",
                        "select name || '=' || setting from pg_settings"
                                + " where name in ('fsync', 'synchronous_commit', 'full_page_writes') order by name"))
                .containsExactly("fsync=on", "full_page_writes=on", "synchronous_commit=on");
    }

    @Test
    void dataOutlivesAKilledServer() throws SQLException {
        try (Connection connection = DriverManager.getConnection(stack.superuserUrl("postgres"));
                Statement sql = connection.createStatement()) {
            sql.execute("create table kept (id int)");
            sql.execute("insert into kept values (7)");
        }
        long before = stack.pid(Part.POSTGRESQL);

        stack.kill(Part.POSTGRESQL);
        stack.restart(Part.POSTGRESQL);

        assertThat(stack.pid(Part.POSTGRESQL)).isNotEqualTo(before);
        assertThat(query("postgres", "select id::text from kept")).containsExactly("7");
    }

    private static Connection connectAs(String role, String database) throws SQLException {
        String password = new Secrets(new DataDirectory(folder)).get(Databases.secretOf(role));
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + stack.ports().of(Part.POSTGRESQL) + "/" + database, role, password);
    }

    private static List<String> query(String database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(stack.superuserUrl(database));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
