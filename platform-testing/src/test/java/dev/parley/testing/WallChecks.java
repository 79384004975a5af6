package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Handle;

/**
 * What the wall does, tried as two tenants through {@link Database} and a pool on channel-service's own schema. No check
 * reads a catalogue: each fails when the wall lets something through.
 */
final class WallChecks {
    private static final TenantId A = new TenantId(UUID.fromString("00000000-0000-7000-8000-00000000000a"));
    private static final TenantId B = new TenantId(UUID.fromString("00000000-0000-7000-8000-00000000000b"));
    private static final String CANARY = "canary of A";
    private static final String ALL_TEXTS = "select text from message union all select created_by from conversation";
    private static final String NEW_CONVERSATION =
            "insert into conversation (tenant_id, id, agent, channel, thread_key, created_by) values (?, ?, 'a', 'web', ?, ?)";
    private static final String NEW_MESSAGE = """
            insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id, created_by)
            values (?, ?, ?, ?, 0, 'user', ?, ?, ?)
            """;

    private final String name;
    private final Database database;
    private final UUID conversationOfA;

    /** Gives A a conversation with a message, and B an empty one. */
    WallChecks(String name, Database database) {
        this.name = name;
        this.database = database;
        this.conversationOfA = conversation(A, "of A", CANARY);
        database.useTenant(A, handle -> message(handle, A, conversationOfA, CANARY));
        conversation(B, "of B", "canary of B");
    }

    /** All checks by their names; a check that fails throws. */
    Map<String, ThrowingCallable> all() {
        Map<String, ThrowingCallable> checks = new LinkedHashMap<>();
        checks.put("B reads nothing of A", this::readsNothing);
        checks.put("B changes and deletes nothing of A", this::changesNothing);
        checks.put("B cannot write a row for A", this::cannotWriteForA);
        checks.put("B cannot move its own row to A", this::cannotMoveToA);
        checks.put("B's message cannot hang on A's conversation", this::cannotHangOnA);
        checks.put("B may use a key that A uses", this::sharesNoNamespace);
        checks.put("a connection forgets its tenant", this::connectionForgets);
        checks.put("without a tenant everything is refused", this::refusesWithoutTenant);
        checks.put("the tables' owner is behind the wall too", this::ownerIsBehindTheWall);
        checks.put("the service cannot empty a table", () -> isDenied("truncate message cascade"));
        checks.put(
                "the service cannot take the wall down",
                () -> isDenied("alter table message disable row level security"));
        return checks;
    }

    private void readsNothing() {
        List<String> seen = texts(B);

        assertThat(seen).containsExactly("canary of B");
    }

    private void changesNothing() {
        int changed = database.inTenant(
                B,
                handle -> handle.execute("update message set text = 'stolen'")
                        + handle.execute("delete from operation")
                        + handle.execute("delete from message"));

        assertThat(changed).isZero();
        assertThat(texts(A)).contains(CANARY);
    }

    private void cannotWriteForA() {
        assertThatThrownBy(() -> database.useTenant(
                        B, handle -> newConversation(handle, A, UUID.randomUUID(), "forged", "forged")))
                .hasStackTraceContaining("row-level security");
    }

    private void cannotMoveToA() {
        assertThatThrownBy(() -> database.useTenant(
                        B,
                        handle ->
                                handle.execute("update conversation set tenant_id = ?, thread_key = null", A.value())))
                .hasStackTraceContaining("row-level security");
    }

    private void cannotHangOnA() {
        assertThatThrownBy(() -> database.useTenant(B, handle -> message(handle, B, conversationOfA, "hanging")))
                .hasStackTraceContaining("foreign key");
    }

    private void sharesNoNamespace() {
        conversation(B, "of A", "canary of B");
    }

    private void connectionForgets() {
        for (int i = 0; i < 8; i++) {
            texts(A);
            database.statement(A, "select count(*) from message where text <> ?")
                    .bind("")
                    .first(row -> row.getLong(1));
            assertThatThrownBy(() -> database.global(handle ->
                            handle.createQuery(ALL_TEXTS).mapTo(String.class).list()))
                    .hasStackTraceContaining("no tenant in context");
        }
    }

    private void refusesWithoutTenant() {
        assertThatThrownBy(() -> database.global(handle ->
                        handle.createQuery(ALL_TEXTS).mapTo(String.class).list()))
                .hasStackTraceContaining("no tenant in context");
    }

    private void ownerIsBehindTheWall() throws SQLException {
        try (Connection owner = PostgresServer.shared().connect(name, PostgresServer.MIGRATOR);
                Statement statement = owner.createStatement();
                var rows = statement.executeQuery("select count(*) from message")) {
            rows.next();
            assertThat(rows.getLong(1)).isZero();
        }
    }

    private void isDenied(String sql) {
        assertThatThrownBy(() -> database.useTenant(B, handle -> handle.execute(sql)))
                .hasStackTraceContaining("ERROR: ");
        assertThat(texts(B)).doesNotContain(CANARY);
    }

    private List<String> texts(TenantId tenant) {
        return database.inTenant(tenant, handle -> handle.createQuery(ALL_TEXTS).mapTo(String.class).list().stream()
                .distinct()
                .toList());
    }

    private UUID conversation(TenantId tenant, String key, String createdBy) {
        UUID id = UUID.randomUUID();
        database.useTenant(tenant, handle -> newConversation(handle, tenant, id, key, createdBy));
        return id;
    }

    private static void newConversation(Handle handle, TenantId tenant, UUID id, String key, String createdBy) {
        handle.execute(NEW_CONVERSATION, tenant.value(), id, key, createdBy);
    }

    private static void message(Handle handle, TenantId tenant, UUID conversation, String text) {
        handle.execute(NEW_MESSAGE, tenant.value(), UUID.randomUUID(), conversation, 1L, text, UUID.randomUUID(), text);
    }
}
