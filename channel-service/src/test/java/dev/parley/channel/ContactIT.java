package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.account.AccountService;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.Sender;
import dev.parley.channel.reception.Arrival;
import dev.parley.channel.reception.ReceptionService;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class ContactIT {
    @Inject
    ReceptionService reception;

    @Inject
    AccountService accounts;

    @Inject
    Database database;

    @Test
    void aContactIsAddedChangedAndFoundByItsNumberHoweverItIsWritten() {
        TenantId tenant = newTenant();

        String id = add(
                tenant,
                Map.of(
                        "display_name",
                        "Asha",
                        "phone",
                        "098765 43210",
                        "email",
                        "asha@example.com",
                        "time_zone",
                        "Asia/Kolkata",
                        "language",
                        "hi-IN",
                        "fields",
                        Map.of("tier", "gold", "orders", 3, "vip", true)));

        member(tenant)
                .get("/api/v1/contacts/" + id)
                .then()
                .statusCode(200)
                .body("phone", equalTo("+919876543210"))
                .body("phone_raw", equalTo("098765 43210"))
                .body("fields.tier", equalTo("gold"))
                .body("fields.orders", equalTo(3))
                .body("opted_out", equalTo(false))
                .body("identities", hasSize(0));
        member(tenant)
                .queryParam("phone", "+91 98765-43210")
                .get("/api/v1/contacts")
                .then()
                .body("items.id", contains(id));
        member(tenant)
                .body(Map.of(
                        "phone", "(415) 555-2671", "phone_region", "US", "email", "", "fields", Map.of("tier", "none")))
                .patch("/api/v1/contacts/" + id)
                .then()
                .statusCode(200)
                .body("phone", equalTo("+14155552671"))
                .body("email", nullValue())
                .body("display_name", equalTo("Asha"))
                .body("fields.size()", equalTo(1));
        assertThat(count("select count(*) from app.outbox_event where tenant_id = '" + tenant
                        + "' and payload::text like '%Asha%'"))
                .as("the audit trail tells no personal data")
                .isZero();
    }

    @Test
    void aNumberWithoutItsCountryIsFromWhereTheTenantsOwnNumberIs() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        execute("update app.channel_account set display_name = '+44 20 7946 0958' where id = '" + account + "'");

        String id = add(tenant, Map.of("phone", "0121 496 0123"));

        member(tenant).get("/api/v1/contacts/" + id).then().body("phone", equalTo("+441214960123"));
    }

    @Test
    void whatIsWrongIsToldByMember() {
        TenantId tenant = newTenant();
        add(tenant, Map.of("phone", "+14155552671"));

        refused(tenant, Map.of("phone", "12"), 422, "VALIDATION_FAILED");
        refused(tenant, Map.of("email", "nobody"), 422, "VALIDATION_FAILED");
        refused(tenant, Map.of("time_zone", "Mars/North"), 422, "VALIDATION_FAILED");
        refused(tenant, Map.of("phone_region", "ZZ"), 422, "VALIDATION_FAILED");
        refused(tenant, Map.of("fields", Map.of("deep", Map.of("a", 1))), 422, "VALIDATION_FAILED");
        refused(tenant, Map.of("fields", Map.of("long", "x".repeat(1_001))), 422, "VALIDATION_FAILED");
        refused(tenant, Map.of("display_name", "a\0b"), 422, "VALIDATION_FAILED");
        refused(tenant, Map.of("tenant_id", "x"), 400, "BAD_REQUEST");
        refused(tenant, Map.of("phone", "001 415 555 2671", "phone_region", "IN"), 409, "CONTACT_PHONE_TAKEN");
        member(tenant).get("/api/v1/contacts/" + UUID.randomUUID()).then().statusCode(404);
    }

    @Test
    void manyFirstMessagesAtOnceMakeOneContact() throws Exception {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("41");

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> calls = IntStream.rangeClosed(1, 12)
                    .mapToObj(i -> threads.submit(() -> update(account, "s3cret", message(i, chat, i, "m" + i))
                            .statusCode()))
                    .toList();
            for (Future<Integer> call : calls) {
                assertThat(call.get()).isEqualTo(200);
            }
        }

        assertThat(count("select count(*) from app.contact where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
        assertThat(count("select count(*) from app.message where role = 'user' and tenant_id = '" + tenant + "'"))
                .isEqualTo(12);
    }

    @Test
    void whoWritesFromAKnownNumberIsThatContact() {
        TenantId tenant = newTenant();
        String known = add(tenant, Map.of("display_name", "Asha", "phone", "98765 43210"));
        AccountRoute route = route(telegram(tenant, "concierge"));

        receive(route, "wa-1", "+919876543210");
        receive(route, "wa-2", "+4930901820");
        receive(route, "wa-3", "+49 30 901820");

        assertThat(text("select contact_id from app.contact_identity where external_id = 'wa-1' and tenant_id = '"
                        + tenant + "'"))
                .isEqualTo(known);
        assertThat(text("select contact_id from app.conversation where recipient = 'wa-1' and tenant_id = '" + tenant
                        + "'"))
                .isEqualTo(known);
        assertThat(count("select count(*) from app.contact where tenant_id = '" + tenant + "'"))
                .as("the known one and the one from Berlin")
                .isEqualTo(2);
        member(tenant)
                .queryParam("phone", "+4930901820")
                .get("/api/v1/contacts")
                .then()
                .body("items[0].identities.external_id", containsInAnyOrder("wa-2", "wa-3"));
    }

    @Test
    void manyFirstMessagesFromOneNumberMakeOneContact() throws Exception {
        TenantId tenant = newTenant();
        AccountRoute route = route(telegram(tenant, "concierge"));

        all(12, i -> receive(route, "wa-" + i % 4, "+919876543210"));

        assertThat(count("select count(*) from app.contact where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
        assertThat(text(
                        "select count(*) || ' ' || count(distinct contact_id) from app.contact_identity where tenant_id = '"
                                + tenant + "'"))
                .isEqualTo("4 1");
        assertThat(count("select count(*) from app.message where role = 'user' and tenant_id = '" + tenant + "'"))
                .isEqualTo(12);
    }

    @Test
    void aMessageThatArrivesDuringAMergeFollowsIt() throws Exception {
        TenantId tenant = newTenant();
        AccountRoute route = route(telegram(tenant, "concierge"));
        for (int round = 0; round < 6; round++) {
            String sender = "merged-" + round;
            receive(route, sender, null);
            String wrote = text("select contact_id from app.contact_identity where external_id = '" + sender + "'");
            String into = add(tenant, Map.of("display_name", sender));

            all(6, i -> {
                if (i == 3) {
                    member(tenant)
                            .body(Map.of("into", into))
                            .post("/api/v1/contacts/" + wrote + "/merge")
                            .then()
                            .statusCode(200);
                } else {
                    receive(route, sender, null);
                }
            });

            assertThat(text("select contact_id from app.contact_identity where external_id = '" + sender + "'"))
                    .isEqualTo(into);
            assertThat(text("select contact_id from app.conversation where recipient = '" + sender + "'"))
                    .isEqualTo(into);
        }
    }

    private static void all(int threads, IntConsumer work) throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                running.add(executor.submit(() -> work.accept(number)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    @Test
    void whoOptedOutIsWrittenToAgainOnlyWithConsent() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("47");
        Fakes.busy(chat, 20);
        update(account, "s3cret", message(1, chat, 1, "hello"));
        await(() ->
                count("select count(*) from app.send_intent where attempts = 1 and tenant_id = '" + tenant + "'") == 1);
        String path = "/api/v1/contacts/" + text("select id from app.contact where tenant_id = '" + tenant + "'");

        member(tenant)
                .body(Map.of("consent", true, "consent_source", "form", "opted_out", true))
                .patch(path)
                .then()
                .statusCode(200)
                .body("opted_out", equalTo(true))
                .body("consented_at", nullValue());

        await(() -> "CANCELLED".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        member(tenant).body(Map.of("opted_out", false)).patch(path).then().statusCode(422);
        member(tenant)
                .body(Map.of("opted_out", false, "consent", true, "consent_source", " "))
                .patch(path)
                .then()
                .statusCode(422);
        member(tenant)
                .body(Map.of("opted_out", false, "consent", true, "consent_source", "on the phone"))
                .patch(path)
                .then()
                .statusCode(200)
                .body("opted_out", equalTo(false))
                .body("consent_source", equalTo("on the phone"));
    }

    @Test
    void twoContactsOfOnePersonBecomeOne() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("43");
        update(account, "s3cret", message(1, chat, 1, "hello"));
        await(() -> Fakes.sentTo(chat).size() == 1);
        String wrote = member(tenant).get("/api/v1/contacts").then().extract().path("items[0].id");
        String known = add(tenant, Map.of("display_name", "Asha", "phone", "98765 43210", "fields", Map.of("a", 1)));
        member(tenant)
                .body(Map.of("fields", Map.of("a", 2, "b", 3), "email", "a@example.com", "opted_out", true))
                .patch("/api/v1/contacts/" + wrote)
                .then()
                .statusCode(200);

        member(tenant)
                .body(Map.of("into", known))
                .post("/api/v1/contacts/" + wrote + "/merge")
                .then()
                .statusCode(200)
                .body("id", equalTo(known))
                .body("display_name", equalTo("Asha"))
                .body("email", equalTo("a@example.com"))
                .body("fields.a", equalTo(1))
                .body("fields.b", equalTo(3))
                .body("opted_out", equalTo(true))
                .body("identities.external_id", contains(chat));

        member(tenant).get("/api/v1/contacts").then().body("items.id", contains(known));
        member(tenant).get("/api/v1/contacts/" + wrote).then().body("id", equalTo(known));
        assertThat(text("select contact_id from app.conversation where tenant_id = '" + tenant + "'"))
                .isEqualTo(known);
        member(tenant)
                .body(Map.of("into", known))
                .post("/api/v1/contacts/" + wrote + "/merge")
                .then()
                .statusCode(422)
                .body("code", equalTo("CONTACT_MERGED_INTO_ITSELF"));
    }

    private AccountRoute route(String account) {
        return accounts.route(UUID.fromString(account)).orElseThrow();
    }

    private void receive(AccountRoute route, String sender, String phone) {
        InboundMessage message = new InboundMessage(
                sender, new Sender(sender, null, null, null, phone), "hi", Instant.now(), 1, List.of(), null);
        Arrival arrival = new Arrival(
                route,
                new InboundEvent.Message(UUID.randomUUID().toString(), "message", message),
                Ids.next(),
                List.of());
        for (int tries = 1; !received(arrival, tries == 30); tries++) {
            Channel.pause(Duration.ofMillis(100));
        }
    }

    /** Whether it was received, or waited too long for another of the same person. */
    private boolean received(Arrival arrival, boolean last) {
        TenantId tenant = arrival.route().tenant();
        try {
            database.useTenant(tenant, handle -> reception.receive(handle, tenant, List.of(arrival)));
            return true;
        } catch (Problem away) {
            if (last || away.type() != CommonProblem.UNAVAILABLE) {
                throw away;
            }
            return false;
        }
    }

    private static String add(TenantId tenant, Map<String, Object> body) {
        return member(tenant)
                .body(body)
                .post("/api/v1/contacts")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static void refused(TenantId tenant, Map<String, Object> body, int status, String code) {
        member(tenant)
                .body(body)
                .post("/api/v1/contacts")
                .then()
                .statusCode(status)
                .body("code", equalTo(code));
    }
}
