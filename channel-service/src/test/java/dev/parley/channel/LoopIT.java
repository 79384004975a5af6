package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class LoopIT {
    @Test
    void aConversationThatGoesRoundInCirclesWaitsForAPerson() {
        // Given two conversations
        TenantId tenant = newTenant();
        TenantId other = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("81");
        update(account, "s3cret", message(1, chat, 1, "I am out of office."));
        await(() ->
                count("select count(*) from app.operation where state = 'ANSWERED' and tenant_id = '" + tenant + "'")
                        == 1);
        String conversation = text("select id from app.conversation where tenant_id = '" + tenant + "'");

        // When agent-service says that it loops; another tenant's event of the same conversation has no say
        looping(other, conversation);
        looping(tenant, conversation);
        looping(tenant, UUID.randomUUID().toString());

        // Then it waits for a person
        await(() ->
                count("select count(*) from app.conversation where owner = 'waiting' and id = '" + conversation + "'")
                        == 1);
        member(tenant)
                .get("/api/v1/conversations?status=waiting")
                .then()
                .body("items.id", contains(conversation))
                .body("items[0].handoff.reason", containsString("circles"));
        member(other).get("/api/v1/conversations?status=waiting").then().body("items", hasSize(0));
        await(() -> count("select count(*) from app.processed_event where consumer = 'channel-service.end-loops'"
                        + " and tenant_id = '" + other + "'")
                == 1);
    }

    private static void looping(TenantId tenant, String conversation) {
        SocketIT.publish(
                "agent.run.events",
                "agent.conversation-looping.v1",
                tenant,
                tenant + ":" + conversation,
                conversation,
                """
                {"conversation_id":"%s","operation_id":"%s","agent":"concierge","channel":"telegram"}
                """.formatted(conversation, UUID.randomUUID()));
    }
}
