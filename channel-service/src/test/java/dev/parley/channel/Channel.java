package dev.parley.channel;

import dev.parley.channel.adapter.email.FakeSmtp;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.TestTokens;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.Assertions;

/** The words in which the integration tests speak. */
final class Channel {
    private Channel() {}

    static TenantId newTenant() {
        return new TenantId(Ids.next());
    }

    static RequestSpecification as(String token) {
        return RestAssured.given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    static RequestSpecification member(TenantId tenant) {
        return as(TestTokens.member(tenant, "member"));
    }

    static RequestSpecification admin(TenantId tenant) {
        return as(TestTokens.token(
                tenant, "admin-" + tenant, List.of("admin", "member"), List.of("chat", "read", "write")));
    }

    static String conversation(TenantId tenant, String agent) {
        return member(tenant)
                .body(Map.of("agent", agent))
                .post("/api/v1/conversations")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    static ValidatableResponse send(TenantId tenant, String conversation, String text) {
        return member(tenant)
                .body(Map.of("text", text))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then();
    }

    static ValidatableResponse send(TenantId tenant, String conversation, String text, String clientId) {
        return member(tenant)
                .body(Map.of("text", text, "client_message_id", clientId))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then();
    }

    static String text(String sql) {
        try (Connection superuser = PostgresServer.shared().superuser(ParleyTestResource.DATABASE);
                Statement statement = superuser.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static long count(String sql) {
        return Long.parseLong(text(sql));
    }

    static void execute(String sql) {
        PostgresServer.shared().execute(ParleyTestResource.DATABASE, sql);
    }

    static void await(BooleanSupplier reached) {
        await(Duration.ofSeconds(60), reached);
    }

    static void await(Duration atMost, BooleanSupplier reached) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                Assertions.fail("not reached in " + atMost);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** A status that is no 503: who waits too long for the others is told to come again, and does. */
    static int insisting(Callable<Integer> asked) throws Exception {
        int status = asked.call();
        for (int tries = 1; tries < 30 && status == 503; tries++) {
            status = asked.call();
        }
        return status;
    }

    /** Gives that what must not happen the time to happen. */
    static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    /** Gives a conversation back to the bot. */
    static void handBack(TenantId tenant, String conversation) {
        member(tenant)
                .post("/api/v1/conversations/" + conversation + "/handback")
                .then()
                .statusCode(200);
    }

    /** Connects the test bot for a tenant and returns the account's id. */
    static String telegram(TenantId tenant, String agent) {
        return admin(tenant)
                .body(Map.of(
                        "type",
                        "telegram",
                        "name",
                        "Bot",
                        "agent",
                        agent,
                        "credentials",
                        Map.of("bot_token", Fakes.BOT_TOKEN, "secret_token", "s3cret")))
                .post("/api/v1/channels")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    static Response update(String account, String secret, String body) {
        RequestSpecification request =
                RestAssured.given().contentType(ContentType.JSON).body(body);
        return (secret == null ? request : request.header("X-Telegram-Bot-Api-Secret-Token", secret))
                .post("/webhooks/telegram/" + account);
    }

    static String message(long update, String chat, long messageId, String text) {
        return """
                {"update_id":%d,"message":{"message_id":%d,"date":1790000000,"text":"%s",
                 "chat":{"id":%s,"type":"private"},"from":{"id":%s,"is_bot":false,"first_name":"Ana","username":"ana"}}}
                """.formatted(update, messageId, text, chat, chat);
    }

    static String chat(String prefix) {
        return prefix + Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000_000L);
    }

    /** What was sent to a chat, in its order. */
    static List<String> said(String chat) {
        return Fakes.sentTo(chat).stream()
                .map(call -> call.body().path("text").asText())
                .toList();
    }

    /** How a tenant's operations stand, in the order in which they began; "null" without any. */
    static String states(TenantId tenant) {
        return String.valueOf(
                text("select string_agg(state, ' ' order by created_at, id) from app.operation where tenant_id = '"
                        + tenant + "'"));
    }

    /** A tenant's operations, in the order in which they began. */
    static List<String> operations(TenantId tenant) {
        String ids = text("select string_agg(id::text, ' ' order by created_at) from app.operation where tenant_id = '"
                + tenant + "'");
        return ids == null ? List.of() : List.of(ids.split(" "));
    }

    /** Connects help@shop.example for a tenant, whose mail goes out by that server. */
    static ExtractableResponse<Response> mailbox(TenantId tenant, FakeSmtp smtp) {
        return admin(tenant)
                .body(Map.of(
                        "type", "email",
                        "name", "Help",
                        "agent", "concierge",
                        "credentials",
                                Map.of(
                                        "address", "help@shop.example",
                                        "smtp_host", "127.0.0.1",
                                        "smtp_port", Integer.toString(smtp.port()),
                                        "smtp_user", "shop",
                                        "smtp_password", "right",
                                        "smtp_tls", "none")))
                .post("/api/v1/channels")
                .then()
                .statusCode(201)
                .extract();
    }
}
