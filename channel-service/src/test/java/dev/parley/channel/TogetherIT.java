package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.mailbox;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.parley.channel.adapter.email.FakeSmtp;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Webhook calls of one tenant that come at the same moment. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class TogetherIT {
    private static final int CALLS = 12;
    /** Calls of a tenant that are stored at a time; which of these a chat belongs to, its id says. */
    private static final int LANES = 4;
    /** Calls of a thread that somebody keeps locked. */
    private static final int LOCKED = 3;

    private static final int GROUPS = 4;

    private TenantId tenant;
    private String account;

    @BeforeEach
    void connect() {
        tenant = newTenant();
        account = telegram(tenant, "concierge");
    }

    @Test
    void whatComesAtTheSameMomentIsOneCommitAndEachIsStillItsOwnOperation() throws Exception {
        List<Integer> answers = behind(chat("61"), texts());
        // Who was too slow to come at the same moment is stored with the next.
        for (int tries = 1; tries < 5 && (answers.contains(503) || stored("count(distinct xmin::text)") > 1); tries++) {
            connect();
            answers = behind(chat("61"), texts());
        }

        assertThat(answers).hasSize(CALLS + 1).containsOnly(200);
        assertThat(stored("count(*)")).isEqualTo(CALLS);
        assertThat(stored("count(distinct xmin::text)")).isEqualTo(1);
        assertThat(stored("count(distinct operation_id)")).isEqualTo(CALLS);
        await(() -> count("select count(*) from app.operation where state = 'ANSWERED' and tenant_id = '" + tenant + "'"
                        + " and id in (select operation_id from app.message where text like 'together %')")
                == CALLS);
    }

    @Test
    void whatCannotBeStoredRefusesNobodyElse() throws Exception {
        String poison = "poison" + chat("62");
        List<String> texts = texts();
        texts.set(CALLS / 2, poison);
        execute("alter table app.message add constraint " + poison + " check (text <> '" + poison + "') not valid");
        try {
            List<Integer> answers = behind(chat("62"), texts);
            for (int tries = 1; tries < 5 && answers.contains(503); tries++) {
                connect();
                answers = behind(chat("62"), texts);
            }
            assertThat(answers).containsOnly(200);
        } finally {
            execute("alter table app.message drop constraint " + poison);
        }

        assertThat(stored("count(*)")).isEqualTo(CALLS - 1);
        assertThat(text("select kind from app.inbound_event where event_id = '" + (100 + CALLS / 2)
                        + "' and channel_account_id = '" + account + "'"))
                .isEqualTo("unreadable");
    }

    @Test
    void whatSomebodyWritesInGroupsIsStoredByItself() throws Exception {
        unhurried(this::writesInGroups);
    }

    private void writesInGroups() throws Exception {
        String first = chat("67");
        begin(first);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection gate = lock(first)) {
            Future<Integer> waiting = threads.submit(() -> sent(50, first, "gate"));
            awaitWaitFor(gate);
            for (int i = 0; i < GROUPS; i++) {
                String group = beside(first, "-67");
                String message = message(100 + i, group, 100 + i, "together " + i)
                        .replace("\"from\":{\"id\":" + group, "\"from\":{\"id\":670");
                assertThat(inTime(update(account, "s3cret", message).statusCode()))
                        .isEqualTo(200);
            }
            boolean done = waiting.isDone();
            gate.rollback();
            assertThat(inTime(waiting.get())).isEqualTo(200);
            assertThat(done).as("whom others wait for").isFalse();
        }

        assertThat(stored("count(*)")).isEqualTo(GROUPS);
    }

    @Test
    void aMailThatWaitsForItsSendersOthersKeepsNobodyElsesBack() throws Exception {
        unhurried(this::mailsBesideOneThatWaits);
    }

    private void mailsBesideOneThatWaits() throws Exception {
        try (FakeSmtp smtp = new FakeSmtp();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection gate = PostgresServer.shared().superuser(ParleyTestResource.DATABASE);
                Statement statement = gate.createStatement()) {
            var connected = mailbox(tenant, smtp);
            String mailbox = connected.path("id");
            String secret = connected.path("setup.signing_secret");
            gate.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(hashtextextended('" + mailbox + ":ana@mail.example', 0))");
            Future<Integer> waiting = threads.submit(() -> mailed(mailbox, secret, "a0", "ana"));
            awaitWaitFor(gate);
            List<Future<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 2 * LANES; i++) {
                String id = "b" + i;
                others.add(threads.submit(() -> mailed(mailbox, secret, id, "bo" + id)));
            }
            for (Future<Integer> other : others) {
                assertThat(inTime(other.get())).isEqualTo(200);
            }
            boolean done = waiting.isDone();
            gate.rollback();
            assertThat(inTime(waiting.get())).isEqualTo(200);
            assertThat(done).as("whom others wait for").isFalse();
        }
    }

    @Test
    void aConversationThatSomebodyKeepsLockedHoldsUpItsOwnMessagesOnly() throws Exception {
        unhurried(this::messagesBesideALockedConversation);
    }

    private void messagesBesideALockedConversation() throws Exception {
        String locked = chat("63");
        String first = beside(locked, "64");
        begin(locked);
        begin(first);
        List<Integer> answers;
        List<Future<Integer>> refused = new ArrayList<>();
        Duration took;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection keeper = lock(locked)) {
            List<Future<Integer>> calls = new ArrayList<>();
            try (Connection gate = lock(first)) {
                calls.add(threads.submit(() -> sent(50, first, "gate")));
                awaitWaitFor(gate);
                for (int i = 0; i < LOCKED; i++) {
                    int update = 51 + i;
                    refused.add(threads.submit(() -> sent(update, locked, "locked")));
                }
                texts().forEach(text -> calls.add(threads.submit(() -> sent(place(text), beside(first, "65"), text))));
                Thread.sleep(400);
                gate.rollback();
            }
            long start = System.nanoTime();
            answers = new ArrayList<>();
            for (Future<Integer> call : calls) {
                answers.add(inTime(call.get()));
            }
            took = Duration.ofNanos(System.nanoTime() - start);
            for (Future<Integer> call : refused) {
                assertThat(call.get()).isEqualTo(503);
            }
            keeper.rollback();
        }

        assertThat(took).as("a lock is waited for twice, for two seconds").isLessThan(Duration.ofSeconds(7));
        assertThat(answers).containsOnly(200);
        assertThat(stored("count(*)")).isEqualTo(CALLS);
    }

    /** Sends these, each from a chat of its own, while an earlier call is kept waiting. */
    private List<Integer> behind(String first, List<String> texts) throws Exception {
        begin(first);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> calls = new ArrayList<>();
            try (Connection gate = lock(first)) {
                calls.add(threads.submit(() -> sent(50, first, "gate")));
                awaitWaitFor(gate);
                for (int i = 0; i < texts.size(); i++) {
                    String text = texts.get(i);
                    int update = 100 + i;
                    calls.add(threads.submit(() -> sent(update, beside(first, "66"), text)));
                }
                Thread.sleep(400);
                gate.rollback();
            }
            List<Integer> answers = new ArrayList<>();
            for (Future<Integer> call : calls) {
                answers.add(call.get());
            }
            return answers;
        }
    }

    /** A chat whose calls are stored by the one that stores those of the other. */
    private static String beside(String other, String prefix) {
        String chat = chat(prefix);
        while (Math.floorMod(chat.hashCode(), LANES) != Math.floorMod(other.hashCode(), LANES)) {
            chat = chat(prefix);
        }
        return chat;
    }

    private static List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            texts.add("together " + i);
        }
        return texts;
    }

    private static int place(String text) {
        return 100 + Integer.parseInt(text.substring(text.indexOf(' ') + 1));
    }

    private int sent(long update, String chat, String text) {
        return update(account, "s3cret", message(update, chat, update, text)).statusCode();
    }

    private static int mailed(String mailbox, String secret, String id, String sender) throws Exception {
        String mail = "Message-ID: <" + id + "@mail.example>\r\nFrom: <" + sender + "@mail.example>\r\n"
                + "To: help@shop.example\r\nSubject: " + id + "\r\nContent-Type: text/plain\r\n\r\nHello\r\n";
        long now = Instant.now().getEpochSecond();
        return RestAssured.given()
                .contentType("message/rfc822")
                .header("webhook-id", id)
                .header("webhook-timestamp", now)
                .header("webhook-signature", new Webhook(secret).sign(id, now, mail))
                .body(mail.getBytes(StandardCharsets.UTF_8))
                .post("/webhooks/email/" + mailbox)
                .statusCode();
    }

    private void begin(String chat) {
        assertThat(sent(Long.parseLong(chat.substring(0, 2)), chat, "hello")).isEqualTo(200);
        await(() -> Fakes.sentTo(chat).size() == 1);
    }

    private Connection lock(String chat) throws SQLException {
        Connection connection = PostgresServer.shared().superuser(ParleyTestResource.DATABASE);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "select 1 from app.conversation where thread_key = '" + account + ":" + chat + "' for update");
        }
        return connection;
    }

    private static void awaitWaitFor(Connection holder) throws SQLException {
        int pid = holder.unwrap(PGConnection.class).getBackendPID();
        await(() -> count("select count(*) from pg_stat_activity where " + pid + " = any(pg_blocking_pids(pid))") > 0);
    }

    /** A scenario in which somebody waits for a lock, which is given up after two seconds: who is too slow tries again. */
    private void unhurried(Scenario scenario) throws Exception {
        for (int tries = 1; ; tries++) {
            try {
                scenario.run();
                return;
            } catch (TooSlow late) {
                if (tries == 5) {
                    throw late;
                }
                connect();
            }
        }
    }

    /** Refuses whoever was answered that the lock was waited for in vain, where it would be let go in time. */
    private static int inTime(int status) {
        if (status == 503) {
            throw new TooSlow();
        }
        return status;
    }

    private static final class TooSlow extends RuntimeException {
        TooSlow() {
            super("the lock was given up before it was let go, five times");
        }
    }

    private interface Scenario {
        void run() throws Exception;
    }

    private long stored(String what) {
        return count(
                "select " + what + " from app.message where text like 'together %' and tenant_id = '" + tenant + "'");
    }
}
