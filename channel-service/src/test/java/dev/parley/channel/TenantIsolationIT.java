package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.send;
import static dev.parley.channel.Channel.telegram;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.SealedColumnKit;
import dev.parley.testing.TenantIsolationKit;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class TenantIsolationIT {
    @Inject
    @Any
    Instance<SealedColumn> sealed;

    @Test
    void everyTenantTableHasAllLocks() throws Exception {
        try (Connection superuser = PostgresServer.shared().superuser(ParleyTestResource.DATABASE)) {
            assertThat(TenantIsolationKit.faults(superuser, Set.of())).isEmpty();
        }
    }

    @Test
    void everySealedColumnIsFoundByARotationOfKeys() throws Exception {
        try (Connection superuser = PostgresServer.shared().superuser(ParleyTestResource.DATABASE)) {
            assertThat(SealedColumnKit.faults(
                            superuser, sealed.stream().toList(), Set.of("otp.digest", "push_device.token_hash")))
                    .isEmpty();
        }
    }

    @Test
    void anotherTenantSeesAndChangesNothing() {
        TenantId a = newTenant();
        TenantId b = newTenant();
        String conversation = conversation(a, "concierge");
        String operation =
                send(a, conversation, "secret").statusCode(201).extract().path("operation_id");
        String channel = telegram(a, "concierge");

        member(b).get("/api/v1/conversations/" + conversation).then().statusCode(404);
        member(b)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(404);
        send(b, conversation, "hello").statusCode(404);
        member(b).get("/api/v1/conversations").then().body("items", hasSize(0));
        member(b).get("/api/v1/contacts").then().body("items", hasSize(0));
        admin(b).get("/api/v1/channels").then().body("items", hasSize(0));
        admin(b).body(Map.of("name", "mine"))
                .patch("/api/v1/channels/" + channel)
                .then()
                .statusCode(404);
        admin(b).delete("/api/v1/channels/" + channel).then().statusCode(404);
        var trace = member(b).get("/api/v1/operations/" + operation);
        assertThat(trace.asString()).doesNotContain("channel-service", conversation);
        assertThat(send(a, conversation, "still mine").extract().statusCode()).isEqualTo(201);
    }
}
