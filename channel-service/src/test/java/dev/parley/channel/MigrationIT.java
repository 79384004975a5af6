package dev.parley.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** What was there before agents and channels grew is there after it. */
class MigrationIT {
    private static final String DATABASE = "channel_migration_it";
    private static final UUID TENANT = UUID.randomUUID();
    private static final UUID ACCOUNT = UUID.randomUUID();
    private static final UUID CONTACT = UUID.randomUUID();
    private static final UUID CONVERSATION = UUID.randomUUID();
    private static final UUID MESSAGE = UUID.randomUUID();
    private static final UUID OPERATION = UUID.randomUUID();

    @Test
    void whoIsKnownAndWhatWaitsToBeSentSurvives() throws Exception {
        PostgresServer server = PostgresServer.shared();
        server.createDatabase(DATABASE);
        migrate("0031");
        server.execute(DATABASE, """
                insert into app.channel_account (tenant_id, id, type, name, agent, status, external_id, display_name,
                                                 credentials, created_by)
                values ('%1$s', '%2$s', 'telegram', 'Bot', 'concierge', 'active', '12345', '@bot', '\\x00', 'test');
                insert into app.contact (tenant_id, id, channel, channel_account_id, external_id, display_name, username)
                values ('%1$s', '%3$s', 'telegram', '%2$s', '777', 'Ana', 'ana');
                insert into app.conversation (tenant_id, id, agent, channel, thread_key, channel_account_id, contact_id,
                                              recipient, last_seq, created_by)
                values ('%1$s', '%4$s', 'concierge', 'telegram', '%2$s:777', '%2$s', '%3$s', '777', 1, 'test');
                insert into app.message (tenant_id, id, conversation_id, seq, part, role, text, operation_id, created_by)
                values ('%1$s', '%5$s', '%4$s', 1, 0, 'user', 'hello', '%6$s', 'test');
                insert into app.operation (tenant_id, id, conversation_id, message_id, channel, agent, state, created_by)
                values ('%1$s', '%6$s', '%4$s', '%5$s', 'telegram', 'concierge', 'ANSWERED', 'test');
                insert into app.send_intent (tenant_id, id, conversation_id, channel_account_id, message_id, operation_id,
                                             part_no, parts, text, state)
                values ('%1$s', gen_random_uuid(), '%4$s', '%2$s', '%5$s', '%6$s', 1, 1, 'Good day', 'PENDING');
                """.formatted(TENANT, ACCOUNT, CONTACT, CONVERSATION, MESSAGE, OPERATION));

        migrate("latest");

        assertThat(text("""
                select i.channel || ' ' || i.external_id || ' ' || i.username || ' ' || (i.contact_id = c.contact_id)
                  from app.contact_identity i join app.conversation c on c.tenant_id = i.tenant_id
                 where i.tenant_id = '%s'
                """.formatted(TENANT))).isEqualTo("telegram 777 ana true");
        assertThat(text("""
                select state || ' ' || (part ->> 'type') || ' ' || (part ->> 'text') || ' ' || purpose || ' ' || epoch
                  from app.send_intent where tenant_id = '%s'
                """.formatted(TENANT))).isEqualTo("PENDING text Good day reply 0");
        assertThat(text("select owner || ' ' || epoch from app.conversation where tenant_id = '" + TENANT + "'"))
                .isEqualTo("bot 0");
    }

    private static void migrate(String target) {
        Flyway.configure()
                .dataSource(PostgresServer.shared().url(DATABASE), PostgresServer.MIGRATOR, PostgresServer.PASSWORD)
                .defaultSchema("app")
                .createSchemas(true)
                .target(target)
                .placeholders(Map.of(
                        "app_role", PostgresServer.APP,
                        "relay_role", PostgresServer.RELAY,
                        "eraser_role", PostgresServer.ERASER))
                .load()
                .migrate();
    }

    private static String text(String sql) throws Exception {
        try (Connection connection = PostgresServer.shared().superuser(DATABASE);
                ResultSet row = connection.createStatement().executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }
}
