package dev.parley.platform.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.PlatformTables;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.SmtpServer;
import dev.parley.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MailIT {
    private static final String DATABASE = "mail_it";
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final SimpleMeterRegistry METRICS = new SimpleMeterRegistry();
    private static Database database;
    private static MailOutbox outbox;
    private static MailWorker worker;

    @BeforeAll
    static void prepare() throws Exception {
        database = TestDatabase.create(DATABASE, 8);
        try (var migrator = PostgresServer.shared().connect(DATABASE, PostgresServer.MIGRATOR);
                var statement = migrator.createStatement()) {
            statement.execute(PlatformTables.mailSql()
                    .replace("${app_role}", PostgresServer.APP)
                    .replace("${relay_role}", PostgresServer.RELAY));
        }
        AeadConfig.register();
        SecretVault vault = new SecretVault(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
        MailRepository mails = new MailRepository(vault, new ObjectMapper());
        outbox = new MailOutbox(mails);
        worker = worker(mails, SmtpServer.shared().port());
    }

    private static MailWorker worker(MailRepository mails, int port) {
        SmtpSender sender = new SmtpSender(
                Optional.of("127.0.0.1"),
                port,
                Optional.empty(),
                Optional.empty(),
                "none",
                "Parley <no-reply@parley.test>",
                Clock.systemUTC());
        return new MailWorker(database, mails, sender, outbox, METRICS, true, 3);
    }

    private static UUID append(String to) {
        return database.inTenant(
                TENANT,
                handle -> outbox.append(
                        handle,
                        TENANT,
                        new Mail(to, "Grüße\r\nBcc: x@evil.test", "secret-text ü", "<p>secret-html</p>")));
    }

    private static String fresh(String prefix) {
        return prefix + UUID.randomUUID() + "@example.test";
    }

    private static String sql(String query) throws Exception {
        try (var superuser = PostgresServer.shared().connect(DATABASE, "postgres");
                var statement = superuser.createStatement()) {
            if (!statement.execute(query)) {
                return null;
            }
            var rows = statement.getResultSet();
            return rows.next() ? rows.getString(1) : null;
        }
    }

    @Test
    void aMailIsSentOnceInBothFormsAndItsContentIsGone() throws Exception {
        String to = fresh("asha");
        UUID id = append(to);
        assertThat(sql("select encode(content, 'escape') from app.mail where id = '" + id + "'"))
                .isNotNull()
                .doesNotContain("secret");

        worker.step();
        worker.step();

        assertThat(SmtpServer.shared().to(to)).singleElement().satisfies(mail -> assertThat(mail.message())
                .contains("Message-ID: <" + id + "@parley.test>")
                .contains("Subject: =?UTF-8?")
                .doesNotContain("\nBcc:")
                .contains("secret-text =C3=BC")
                .contains("<p>secret-html</p>")
                .contains("multipart/alternative"));
        assertThat(sql("select status || (content is null) from app.mail where id = '" + id + "'"))
                .isEqualTo("senttrue");
    }

    @Test
    void attachmentsComeWithTheMail() throws Exception {
        String to = fresh("clerk");
        byte[] file = "%PDF-1.7 not really".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        database.inTenant(
                TENANT,
                handle -> outbox.append(
                        handle,
                        TENANT,
                        new Mail(
                                to,
                                "s",
                                "the text",
                                "<p>the html</p>",
                                List.of(new Mail.Attachment("invoice-1.pdf", "application/pdf", file)))));

        worker.step();

        assertThat(SmtpServer.shared().to(to)).singleElement().satisfies(mail -> assertThat(mail.message())
                .contains("multipart/mixed", "multipart/alternative", "the text", "<p>the html</p>")
                .contains("Content-Type: application/pdf")
                .contains("filename=invoice-1.pdf")
                .contains(java.util.Base64.getEncoder().encodeToString(file)));
    }

    @Test
    void aRolledBackChangeSendsNothing() {
        String to = fresh("ghost");
        assertThatThrownBy(() -> database.inTenant(TENANT, handle -> {
                    outbox.append(handle, TENANT, new Mail(to, "s", "t", "h"));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        worker.step();

        assertThat(SmtpServer.shared().to(to)).isEmpty();
    }

    @Test
    void aBusyServerIsTriedAgainLaterAndGivenUpInTheEnd() throws Exception {
        String to = fresh("patient");
        UUID id = append(to);
        String due =
                "select status || ' ' || attempts || ' ' || (due_at > now()) from app.mail where id = '" + id + "'";
        SmtpServer.shared().busy(true);
        try {
            worker.step();
            assertThat(sql(due)).isEqualTo("waiting 1 true");
            assertThat(worker.step()).isZero();
            for (int i = 0; i < 2; i++) {
                sql("update app.mail set due_at = now() where id = '" + id + "'");
                worker.step();
            }
        } finally {
            SmtpServer.shared().busy(false);
        }

        assertThat(sql(due)).startsWith("dead 3");
        assertThat(sql("select content from app.mail where id = '" + id + "'")).isNull();
        assertThat(METRICS.counter("mail.message.tried", "outcome", "dead").count())
                .isPositive();
        assertThat(SmtpServer.shared().to(to)).isEmpty();
    }

    @Test
    void anAddressThatIsRefusedForGoodIsNotTriedAgain() throws Exception {
        UUID id = append(fresh("unknown"));

        worker.step();

        assertThat(sql("select status || attempts from app.mail where id = '" + id + "'"))
                .isEqualTo("dead1");
    }

    @Test
    void workersShareTheMailsAndSendEachOnce() throws Exception {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            addresses.add(fresh("many"));
            append(addresses.get(i));
        }

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                runs.add(threads.submit(() -> {
                    while (worker.step() > 0) {
                        Thread.yield();
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }

        assertThat(addresses)
                .allSatisfy(
                        address -> assertThat(SmtpServer.shared().to(address)).hasSize(1));
    }

    @Test
    void pausesGrowUpToAnHour() {
        assertThat(MailWorker.pause(1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(MailWorker.pause(4)).isEqualTo(Duration.ofSeconds(40));
        assertThat(MailWorker.pause(40)).isEqualTo(Duration.ofHours(1));
    }
}
