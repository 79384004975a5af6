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
import static org.hamcrest.Matchers.equalTo;

import dev.parley.channel.adapter.DeliveryStatus;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.delivery.StatusService;
import dev.parley.platform.data.Database;
import dev.parley.platform.operation.Operation;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How far sends came, and what people know of those of which nobody else does. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class StatusIT {
    @Inject
    StatusService statuses;

    @Inject
    Database database;

    @Test
    void theFurthestStatusCountsWhateverTheOrder() {
        TenantId tenant = newTenant();
        String account = answered(tenant, "concierge", chat("91"));
        String provider = text("select provider_message_id from app.send_intent where tenant_id = '" + tenant + "'");

        assertThat(status(tenant)).isEqualTo("sent");
        tell(tenant, account, provider, DeliveryStatus.DELIVERED);
        assertThat(status(tenant)).isEqualTo("delivered");
        tell(tenant, account, provider, DeliveryStatus.SENT);
        tell(tenant, account, provider, DeliveryStatus.FAILED);
        assertThat(status(tenant)).as("neither goes back").isEqualTo("delivered");
        tell(tenant, account, provider, DeliveryStatus.READ);
        tell(tenant, account, provider, DeliveryStatus.DELIVERED);
        assertThat(status(tenant)).isEqualTo("read");
        assertThat(count("select count(*) from app.stream_event where tenant_id = '" + tenant
                        + "' and type in ('channel.message-delivered.v1', 'channel.message-read.v1')"))
                .as("each told once")
                .isEqualTo(2);
    }

    @Test
    void aMessageHasComeAsFarAsTheLeastOfItsParts() {
        TenantId tenant = newTenant();
        String account = answered(tenant, "talkative", chat("92"));
        String[] providers = text("select string_agg(provider_message_id, ' ' order by part_no) from app.send_intent"
                        + " where tenant_id = '" + tenant + "'")
                .split(" ");
        assertThat(providers).hasSize(3);

        tell(tenant, account, providers[2], DeliveryStatus.READ);
        tell(tenant, account, providers[0], DeliveryStatus.DELIVERED);
        assertThat(status(tenant)).isEqualTo("sent");
        tell(tenant, account, providers[1], DeliveryStatus.DELIVERED);
        assertThat(status(tenant)).isEqualTo("delivered");
        tell(tenant, account, "unheard of", DeliveryStatus.READ);
        assertThat(status(tenant)).isEqualTo("delivered");
    }

    @Test
    void aStatusThatTellsOurReferenceEndsTheDoubt() {
        TenantId tenant = newTenant();
        String account = answered(tenant, "concierge", chat("93"));
        execute("update app.send_intent set state = 'AMBIGUOUS', provider_message_id = null where tenant_id = '"
                + tenant + "'");
        UUID send = UUID.fromString(text("select id from app.send_intent where tenant_id = '" + tenant + "'"));

        tell(tenant, account, "wamid.1", DeliveryStatus.DELIVERED, send);

        assertThat(text("select state || ' ' || provider_message_id from app.send_intent where tenant_id = '" + tenant
                        + "'"))
                .isEqualTo("SENT wamid.1");
        assertThat(status(tenant)).isEqualTo("delivered");
        assertThat(told(tenant, "sent")).as("once for each end").isEqualTo(2);
    }

    @Test
    void whatTheVendorTellsWhileWeWaitForItsAnswerIsKept() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("99");
        update(account, "s3cret", message(1, chat, 1, "hello"));
        await(() -> "SENDING".equals(state(tenant)));
        UUID send = UUID.fromString(text("select id from app.send_intent where tenant_id = '" + tenant + "'"));

        tell(tenant, account, "wamid.2", DeliveryStatus.DELIVERED, send);

        assertThat(state(tenant)).as("the sender still waits").isEqualTo("SENDING");
        await(() -> !"SENDING".equals(state(tenant)));
        assertThat(text("select state || ' ' || provider_message_id from app.send_intent where tenant_id = '" + tenant
                        + "'"))
                .as("its answer never came")
                .isEqualTo("SENT wamid.2");
        assertThat(status(tenant)).isEqualTo("delivered");
        assertThat(told(tenant, "sent")).isEqualTo(1);
        assertThat(told(tenant, "delivered")).isEqualTo(1);
        assertThat(Fakes.sentTo(chat)).hasSize(1);
    }

    @Test
    void aProofThatComesAsTheWaitEndsIsNeverLost() throws Exception {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        int many = 24;
        List<String> chats = new ArrayList<>();
        for (int i = 1; i <= many; i++) {
            chats.add(chat("99" + i));
            update(account, "s3cret", message(i, chats.getLast(), 1, "hello"));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> told = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                int one = i;
                told.add(threads.submit(() -> {
                    String send = sending(tenant, chats.get(one));
                    Channel.pause(Duration.ofMillis(5_400 + 40L * one));
                    tell(tenant, account, "wamid.race" + one, DeliveryStatus.SENT, UUID.fromString(send));
                }));
            }
            for (Future<?> one : told) {
                one.get();
            }
        }

        await(() -> sends(tenant, "SENDING") == 0);
        assertThat(sends(tenant, "SENT")).isEqualTo(many);
        assertThat(told(tenant, "sent")).as("each told once").isEqualTo(many);
        assertThat(count("select count(distinct provider_message_id) from app.send_intent where attempts = 1"
                        + " and tenant_id = '" + tenant + "'"))
                .isEqualTo(many);
    }

    /** The send to a chat, as soon as the vendor is asked. */
    private static String sending(TenantId tenant, String chat) {
        String send = "select s.id from app.send_intent s join app.conversation c on c.id = s.conversation_id"
                + " where s.state <> 'PENDING' and c.recipient = '" + chat + "' and s.tenant_id = '" + tenant
                + "'";
        await(() -> text(send) != null);
        return text(send);
    }

    private static long sends(TenantId tenant, String state) {
        return count(
                "select count(*) from app.send_intent where state = '" + state + "' and tenant_id = '" + tenant + "'");
    }

    @Test
    void whatTheVendorToldOfADeadSendersMessageIsAskedNoMore() {
        TenantId tenant = newTenant();
        String chat = chat("95");
        String account = answered(tenant, "concierge", chat);
        UUID send = UUID.fromString(text("select id from app.send_intent where tenant_id = '" + tenant + "'"));
        execute("update app.send_intent set state = 'SENDING', provider_message_id = null,"
                + " lease_until = now() + interval '3 seconds' where tenant_id = '" + tenant + "'");

        tell(tenant, account, "wamid.3", DeliveryStatus.SENT, send);

        await(() -> "SENT".equals(state(tenant)));
        assertThat(told(tenant, "sent")).as("once for each end").isEqualTo(2);
        assertThat(Fakes.sentTo(chat)).hasSize(1);
    }

    @Test
    void whatTheVendorTookIsNotSentAgain() {
        TenantId tenant = newTenant();
        String chat = chat("96");
        String account = answered(tenant, "concierge", chat);
        UUID send = UUID.fromString(text("select id from app.send_intent where tenant_id = '" + tenant + "'"));
        execute("update app.send_intent set state = 'PENDING', provider_message_id = null,"
                + " due_at = now() + interval '8 seconds' where tenant_id = '" + tenant + "'");

        tell(tenant, account, "wamid.4", DeliveryStatus.DELIVERED, send);

        assertThat(state(tenant)).isEqualTo("SENT");
        Channel.pause(Duration.ofMillis(9_000));
        assertThat(Fakes.sentTo(chat)).hasSize(1);
    }

    @Test
    void twoStatusesAtOnceSeeEachOther() throws Exception {
        TenantId tenant = newTenant();
        String account = answered(tenant, "talkative", chat("97"));
        String[] providers = text("select string_agg(provider_message_id, ' ' order by part_no) from app.send_intent"
                        + " where tenant_id = '" + tenant + "'")
                .split(" ");
        tell(tenant, account, providers[2], DeliveryStatus.DELIVERED);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> slow = threads.submit(() -> database.useTenant(tenant, handle -> {
                statuses.note(handle, tenant, UUID.fromString(account), delivered(providers[0]));
                first.countDown();
                wait(second, Duration.ofMillis(300));
            }));
            first.await();
            tell(tenant, account, providers[1], DeliveryStatus.DELIVERED);
            second.countDown();
            slow.get();
        }

        assertThat(status(tenant)).isEqualTo("delivered");
        assertThat(told(tenant, "delivered")).isEqualTo(1);
    }

    @Test
    void aStatusIsOfItsOwnOperation() {
        TenantId tenant = newTenant();
        String account = answered(tenant, "concierge", chat("98"));
        String provider = text("select provider_message_id from app.send_intent where tenant_id = '" + tenant + "'");
        UUID call = UUID.randomUUID();
        Operation.enter(call);
        try {
            tell(tenant, account, provider, DeliveryStatus.DELIVERED);

            assertThat(Operation.id()).isEqualTo(call);
        } finally {
            Operation.leave();
        }
        assertThat(told(tenant, "delivered")).isEqualTo(1);
    }

    @Test
    void wordsAboutMessagesOfOthersAreForgotten() {
        TenantId tenant = newTenant();
        String account = answered(tenant, "concierge", chat("90"));
        tell(tenant, account, "of another tool", DeliveryStatus.READ);
        tell(tenant, account, "just now", DeliveryStatus.READ);
        execute("update app.early_status set created_at = now() - interval '25 hours'"
                + " where provider_message_id = 'of another tool' and tenant_id = '" + tenant + "'");

        await(() -> "just now"
                .equals(text("select string_agg(provider_message_id, ' ') from app.early_status where tenant_id = '"
                        + tenant + "'")));
    }

    @Test
    void whatIsHeldForTooLongIsNeverSent() {
        TenantId tenant = newTenant();
        String chat = chat("89");
        answered(tenant, "concierge", chat);
        execute("update app.send_intent set state = 'HELD', due_at = now() - interval '1 second' where tenant_id = '"
                + tenant + "'");

        await(() -> "CANCELLED".equals(state(tenant)));
        assertThat(told(tenant, "failed")).isEqualTo(1);
        assertThat(Fakes.sentTo(chat)).hasSize(1);
    }

    @Test
    void sendsGoOutAsTheyWerePlannedWhateverTheirIdsSay() {
        TenantId tenant = newTenant();
        String chat = chat("88");
        answered(tenant, "talkative", chat);
        execute("update app.send_intent set state = 'PENDING', provider_message_id = null, due_at = now(),"
                + " id = ('00000000-0000-7000-8000-' || right(message_id::text, 11) || (9 - part_no))::uuid"
                + " where tenant_id = '" + tenant + "'");

        await(() -> Fakes.sentTo(chat).size() == 6);
        List<String> said = Fakes.sentTo(chat).stream()
                .map(call -> call.body().path("text").asText())
                .toList();
        assertThat(said.subList(3, 6)).isEqualTo(said.subList(0, 3));
    }

    @Test
    void aPersonsResendCountsAlsoWhereAPersonHasTheConversation() {
        TenantId tenant = newTenant();
        String chat = chat("87");
        answered(tenant, "concierge", chat);
        String conversation = text("select id from app.conversation where tenant_id = '" + tenant + "'");
        String operation = text("select id from app.operation where tenant_id = '" + tenant + "'");
        execute("update app.send_intent set state = 'AMBIGUOUS', provider_message_id = null where tenant_id = '"
                + tenant + "'");
        member(tenant)
                .post("/api/v1/conversations/" + conversation + "/takeover")
                .then()
                .statusCode(200);

        resolve(tenant, "/api/v1/operations/" + operation + "/sends/1/resolution", "resend")
                .statusCode(204);

        await(() -> Fakes.sentTo(chat).size() == 2);
        await(() -> "SENT".equals(state(tenant)));
    }

    @Test
    void peopleSayWhatBecameOfASendOfWhichNobodyKnows() {
        TenantId tenant = newTenant();
        String chat = chat("94");
        answered(tenant, "concierge", chat);
        String operation = text("select id from app.operation where tenant_id = '" + tenant + "'");
        String path = "/api/v1/operations/" + operation + "/sends/1/resolution";
        resolve(tenant, path, "sent").statusCode(409).body("code", equalTo("SEND_NOT_AMBIGUOUS"));
        execute("update app.send_intent set state = 'AMBIGUOUS' where tenant_id = '" + tenant + "'");
        resolve(newTenant(), path, "resend").statusCode(404);
        resolve(tenant, path, "maybe").statusCode(422);

        resolve(tenant, path, "resend").statusCode(204);

        await(() -> Fakes.sentTo(chat).size() == 2);
        await(() -> "SENT".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        execute("update app.send_intent set state = 'AMBIGUOUS' where tenant_id = '" + tenant + "'");
        resolve(tenant, path, "sent").statusCode(204);
        assertThat(text("select state from app.send_intent where tenant_id = '" + tenant + "'"))
                .isEqualTo("SENT");
        assertThat(Fakes.sentTo(chat)).hasSize(2);
        resolve(tenant, path, "sent").statusCode(409);
    }

    private static io.restassured.response.ValidatableResponse resolve(TenantId tenant, String path, String as) {
        return member(tenant).body(Map.of("as", as)).post(path).then();
    }

    private static String answered(TenantId tenant, String agent, String chat) {
        String account = telegram(tenant, agent);
        update(account, "s3cret", message(1, chat, 1, "hello"));
        await(() ->
                count("select count(*) from app.send_intent where state = 'SENT' and part_no = parts and tenant_id = '"
                                + tenant + "'")
                        == 1);
        return account;
    }

    private void tell(TenantId tenant, String account, String provider, DeliveryStatus status) {
        tell(tenant, account, provider, status, null);
    }

    private void tell(TenantId tenant, String account, String provider, DeliveryStatus status, UUID reference) {
        database.useTenant(
                tenant,
                handle -> statuses.note(
                        handle,
                        tenant,
                        UUID.fromString(account),
                        new InboundEvent.Status("x", "status", provider, status, Instant.now(), null, reference)));
    }

    private static InboundEvent.Status delivered(String provider) {
        return new InboundEvent.Status("x", "status", provider, DeliveryStatus.DELIVERED, Instant.now(), null, null);
    }

    private static void wait(CountDownLatch latch, Duration atMost) {
        try {
            latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static String state(TenantId tenant) {
        return text("select state from app.send_intent where tenant_id = '" + tenant + "'");
    }

    private static long told(TenantId tenant, String what) {
        return count("select count(*) from app.stream_event where tenant_id = '" + tenant
                + "' and type = 'channel.message-" + what + ".v1'");
    }

    private static String status(TenantId tenant) {
        String conversation = text("select id from app.conversation where tenant_id = '" + tenant + "'");
        return member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(200)
                .extract()
                .path("items[0].status");
    }
}
