package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.data.Database;
import io.agroal.api.AgroalDataSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Takes one stone out of the wall at a time: {@link WallChecks} must notice, by what happens and not by looking. */
@TestMethodOrder(MethodOrderer.DisplayName.class)
class WallMutantsIT {
    private static final String ORIGINAL = "wall_mutants_it";
    private static final Map<String, List<String>> NOTICED = new TreeMap<>();

    /** What is taken out, and the check that exists for it. */
    enum Mutant {
        NO_FORCE("alter table message no force row level security", "the tables' owner is behind the wall too"),
        NO_ROW_LEVEL_SECURITY("alter table message disable row level security", "B reads nothing of A"),
        NO_WITH_CHECK(
                "alter policy conversation_tenant_isolation on conversation with check (true)",
                "B cannot write a row for A"),
        NO_USING("alter policy message_tenant_isolation on message using (true)", "B reads nothing of A"),
        A_SECOND_POLICY("create policy helpful on message for select using (true)", "B reads nothing of A"),
        POLICY_WITHOUT_WITH_CHECK_FOR_UPDATES("""
                drop policy conversation_tenant_isolation on conversation;
                create policy reads on conversation for select using (tenant_id = (select app.tenant()));
                create policy updates on conversation for update using (tenant_id = (select app.tenant())) with check (true);
                create policy deletes on conversation for delete using (tenant_id = (select app.tenant()));
                create policy inserts on conversation for insert with check (true)
                """, "B cannot write a row for A"),
        SESSION_LEVEL_TENANT("""
                create function app.set_config(text, text, boolean) returns text language sql as
                  'select pg_catalog.set_config($1, $2, false)'
                """, "a connection forgets its tenant"),
        TENANT_THAT_FAILS_OPEN("""
                create or replace function app.tenant() returns uuid language sql stable as
                  'select nullif(current_setting(''app.tenant_id'', true), '''')::uuid'
                """, "without a tenant everything is refused"),
        PLAIN_FOREIGN_KEY("""
                alter table conversation add constraint conversation_id_uq unique (id);
                alter table message drop constraint message_tenant_id_conversation_id_fk;
                alter table message add foreign key (conversation_id) references conversation (id)
                """, "B's message cannot hang on A's conversation"),
        NO_FOREIGN_KEY(
                "alter table message drop constraint message_tenant_id_conversation_id_fk",
                "B's message cannot hang on A's conversation"),
        UNIQUE_WITHOUT_TENANT(
                "alter table conversation add constraint conversation_thread_key_uq unique (thread_key)",
                "B may use a key that A uses"),
        TRUNCATE_GRANTED("grant truncate on all tables in schema app to test_app", "the service cannot empty a table"),
        SERVICE_OWNS_THE_TABLE("alter table message owner to test_app", "the service cannot take the wall down"),
        SERVICE_BYPASSES("alter role test_app bypassrls", "B reads nothing of A"),
        SERVICE_IS_SUPERUSER("alter role test_app superuser", "B reads nothing of A");

        private final String change;
        private final String noticedBy;

        Mutant(String change, String noticedBy) {
            this.change = change;
            this.noticedBy = noticedBy;
        }
    }

    @BeforeAll
    static void create() throws Exception {
        ServiceSchema.create(ORIGINAL, "channel-service");
    }

    @Test
    void theWallStands() throws Exception {
        assertThat(failing("wall_intact", "select 1")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void eachMutantIsNoticed(Mutant mutant) throws Exception {
        try {
            List<String> failing = failing("wall_" + mutant.name().toLowerCase(java.util.Locale.ROOT), mutant.change);

            assertThat(failing).contains(mutant.noticedBy);
            NOTICED.put(mutant.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '), failing);
        } finally {
            PostgresServer.shared().execute("postgres", "alter role test_app nosuperuser nobypassrls");
        }
    }

    @AfterAll
    static void report() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "On channel-service's schema, one change at a time; the checks write and read as two tenants through `Database` and a pool.");
        lines.add("");
        lines.add("| Taken out | what went wrong then |");
        lines.add("|---|---|");
        NOTICED.forEach((mutant, checks) ->
                lines.add("| " + mutant + " | not true any more: " + String.join("; ", checks) + " |"));
        WallReport.section("Mutants of row level security", lines);
    }

    /** The names of the checks that fail in a copy of the schema after the change. */
    private static List<String> failing(String name, String change) throws Exception {
        PostgresServer.shared().execute("postgres", "create database " + name + " template " + ORIGINAL);
        // The mutant that puts a set_config of its own into the schema needs the schema to come first.
        try (AgroalDataSource app = TestDatabase.source(name, "app,pg_catalog", PostgresServer.APP, 4);
                AgroalDataSource relay = TestDatabase.source(name, "app,pg_catalog", PostgresServer.RELAY, 1)) {
            WallChecks checks = new WallChecks(name, new Database(app, relay, relay));
            PostgresServer.shared().execute(name, change);
            List<String> failing = new ArrayList<>();
            for (Map.Entry<String, ThrowingCallable> check : checks.all().entrySet()) {
                try {
                    check.getValue().call();
                } catch (Throwable noticed) {
                    failing.add(check.getKey());
                }
            }
            return failing;
        }
    }
}
