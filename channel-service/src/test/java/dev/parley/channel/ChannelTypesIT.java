package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class ChannelTypesIT {
    private final TenantId tenant = newTenant();

    @Test
    void whatCanBeConnectedIsWhatThereAreAdaptersFor() {
        List<Map<String, Object>> types = member(tenant)
                .get("/api/v1/channels/types")
                .then()
                .statusCode(200)
                .extract()
                .path("items");

        assertThat(types).extracting(type -> type.get("type")).contains("telegram", "twilio", "whatsapp");
        assertThat(types)
                .extracting(type -> type.get("channel"))
                .contains("sms")
                .doesNotContain("web", "api");
        for (Map<String, Object> type : types) {
            List<String> missed = admin(tenant)
                    .body(Map.of("type", type.get("type"), "name", "x", "agent", "concierge", "credentials", Map.of()))
                    .post("/api/v1/channels")
                    .then()
                    .statusCode(422)
                    .extract()
                    .path("errors.pointer");
            assertThat(required(type)).as("%s", type.get("type")).contains(missed.getFirst());
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> required(Map<String, Object> type) {
        return ((List<Map<String, Object>>) type.get("credentials"))
                .stream()
                        .filter(credential -> (boolean) credential.get("required"))
                        .map(credential -> "/credentials/" + credential.get("name"))
                        .toList();
    }
}
