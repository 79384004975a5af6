package dev.parley.channel;

import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class SearchIT {
    @Test
    void messagesAreFoundByTheirWordsInOnesOwnTenant() {
        TenantId tenant = newTenant();
        TenantId neighbour = newTenant();
        String conversation = conversation(tenant, "concierge");
        send(tenant, conversation, "Where is my blue parcel?").statusCode(201);
        send(tenant, conversation, "It is for Zoë in Köln").statusCode(201);
        send(neighbour, conversation(neighbour, "concierge"), "a blue parcel of somebody else")
                .statusCode(201);

        search(tenant, "PARCEL blue")
                .body("items.text", contains("You said: Where is my blue parcel?", "Where is my blue parcel?"))
                .body("items.role", contains("assistant", "user"))
                .body("items[0].conversation_id", equalTo(conversation))
                .body("items[0].agent", equalTo("concierge"));
        search(tenant, "zoë").body("items", hasSize(2));
        search(tenant, "\"blue parcel\" -said").body("items.text", contains("Where is my blue parcel?"));
        search(tenant, "somebody").body("items", hasSize(0));
        search(tenant, "'; drop table app.message; --").body("items", hasSize(0));
        search(tenant, "a\0b").body("items", hasSize(0));
        member(tenant)
                .queryParam("query", "parcel")
                .queryParam("to", Instant.now().minusSeconds(3600).toString())
                .get("/api/v1/messages")
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
        member(tenant).get("/api/v1/messages").then().statusCode(422);
        member(tenant).get("/api/v1/messages?query=x&from=yesterday").then().statusCode(400);
    }

    @Test
    void aTenantWithManyMessagesIsSearchedInPagesThatAreFast() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        send(tenant, conversation, "the needle").statusCode(201);
        execute("""
                insert into app.message (tenant_id, id, conversation_id, seq, part, role, text, operation_id, created_by)
                select '%s', ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                       '%s', n + 10, 0, 'user', 'hay number ' || n || ' and some more words of a usual length', gen_random_uuid(), 'test'
                  from generate_series(1, 12000) n
                """.formatted(tenant, conversation));
        search(tenant, "needle").body("items", hasSize(2));

        Instant began = Instant.now();
        String next =
                search(tenant, "absent").body("items", hasSize(0)).extract().path("next_cursor");
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(20));
        assertThat(next).as("10,000 were looked at, there is more").isNotNull();
        member(tenant)
                .queryParam("query", "hay")
                .queryParam("cursor", next)
                .queryParam("limit", 5)
                .get("/api/v1/messages")
                .then()
                .statusCode(200)
                .body("items", hasSize(5));
    }

    @Test
    void longMessagesAreSearchedInPagesThatAreFastToo() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        execute("""
                insert into app.message (tenant_id, id, conversation_id, seq, part, role, text, operation_id, created_by)
                select '%s', ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '%s', n + 10, 0, 'user',
                       (select string_agg(md5(n::text || w::text), ' ') from generate_series(1, 600) w)
                           || case n when 1 then ' needle' else ' hay' end,
                       gen_random_uuid(), 'test'
                  from generate_series(1, 600) n
                """.formatted(tenant, conversation));

        Instant began = Instant.now();
        int pages = 1;
        ValidatableResponse page = search(tenant, "needle");
        while (page.extract().path("next_cursor") != null) {
            assertThat(page.extract().<List<?>>path("items")).isEmpty();
            page = member(tenant)
                    .queryParam("query", "needle")
                    .queryParam("cursor", page.extract().<String>path("next_cursor"))
                    .get("/api/v1/messages")
                    .then()
                    .statusCode(200);
            pages++;
        }
        page.body("items", hasSize(1));
        assertThat(pages).as("12 MB, 2 MiB each").isEqualTo(6);
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(60));
        began = Instant.now();
        search(tenant, "hay").body("items", hasSize(50));
        assertThat(Duration.between(began, Instant.now()))
                .as("only so many are taken apart")
                .isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void everyWayToAskFindsTheSame() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        send(tenant, conversation, "50% of my_order, see https://shop.example/a_b")
                .statusCode(201);
        send(tenant, conversation, "A well-known Größe").statusCode(201);
        execute("update app.message set cancelled_at = now() where role = 'assistant' and tenant_id = '" + tenant
                + "'");

        search(tenant, "my_order").body("items", hasSize(1));
        search(tenant, "50%").body("items", hasSize(1));
        search(tenant, "shop.example/a_b").body("items", hasSize(1));
        search(tenant, "well-known").body("items.text", contains("A well-known Größe"));
        search(tenant, "größe").body("items", hasSize(1));
        search(tenant, "known or order").body("items", hasSize(2));
        search(tenant, "a -known").body("items", hasSize(0));
        search(tenant, "said").body("items", hasSize(0));
    }

    private static ValidatableResponse search(TenantId tenant, String query) {
        return member(tenant)
                .queryParam("query", query)
                .get("/api/v1/messages")
                .then()
                .statusCode(200);
    }
}
