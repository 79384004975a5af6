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
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
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

        database.useTenant(
                tenant,
                handle -> statuses.note(
                        handle,
                        tenant,
                        UUID.fromString(account),
                        new InboundEvent.Status(
                                "s1", "status", "wamid.1", DeliveryStatus.DELIVERED, Instant.now(), null, send)));

        assertThat(text("select state || ' ' || provider_message_id from app.send_intent where tenant_id = '" + tenant
                        + "'"))
                .isEqualTo("SENT wamid.1");
        assertThat(status(tenant)).isEqualTo("delivered");
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
        database.useTenant(
                tenant,
                handle -> statuses.note(
                        handle,
                        tenant,
                        UUID.fromString(account),
                        new InboundEvent.Status("x", "status", provider, status, Instant.now(), null, null)));
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
