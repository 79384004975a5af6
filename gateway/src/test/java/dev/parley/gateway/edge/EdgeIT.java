package dev.parley.gateway.edge;

import static dev.parley.gateway.Client.get;
import static dev.parley.gateway.Client.json;
import static dev.parley.gateway.Client.post;
import static dev.parley.gateway.Client.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.FakeServices;
import dev.parley.gateway.Keys;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(FakeServices.class)
class EdgeIT {

    @Test
    void callerIsToldItsRoom() {
        String key = caller();

        var first = get("/api/v1/me", "X-API-Key", key);
        var second = get("/api/v1/me", "X-API-Key", key);

        assertThat(first.headers().firstValue("ratelimit-policy"))
                .hasValueSatisfying(policy -> assertThat(policy).matches("\"(tenant|caller)\";q=2000;w=2"));
        assertThat(second.headers().firstValue("ratelimit"))
                .hasValueSatisfying(state -> assertThat(state).matches("\"(tenant|caller)\";r=199[89];t=1"));
    }

    @Test
    void loginIsLimitedPerAddressAndOthersAreNot() {
        String key = caller();
        int refused = 0;
        for (int i = 0; i < 8; i++) {
            var response = post("/api/v1/auth/login", "{}");
            if (response.statusCode() == 429) {
                refused++;
                long retryAfter = Long.parseLong(
                        response.headers().firstValue("retry-after").orElseThrow());
                assertThat(retryAfter).isBetween(1L, 60L);
                assertThat(response.headers().firstValue("ratelimit")).contains("\"login\";r=0;t=" + retryAfter);
                assertThat(response.headers().firstValue("ratelimit-policy")).contains("\"login\";q=5;w=300");
                assertThat(json(response).get("type").asText()).isEqualTo("https://parley.dev/problems/rate-limited");
                assertThat(json(response).get("violated_policies").get(0).asText())
                        .isEqualTo("login");
            } else {
                assertThat(response.statusCode()).isEqualTo(200);
            }
        }

        assertThat(refused).isEqualTo(3);
        assertThat(post("/api/v1/auth/login", "{}", "X-Forwarded-For", "8.8.8.8")
                        .statusCode())
                .as("an address that the client invents is not a new address")
                .isEqualTo(429);
        assertThat(get("/api/v1/me", "X-API-Key", key).statusCode()).isEqualTo(200);
    }

    @Test
    void allowedOriginMayCallWithoutCookies() {
        String origin = "https://partner.example.com";
        var preflight = send(
                "OPTIONS",
                "/v1/chat/completions",
                null,
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "POST",
                "Access-Control-Request-Headers",
                "authorization, content-type, x-stainless-os");
        var call = get("/api/v1/me", "X-API-Key", caller(), "Origin", origin);

        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                .contains(origin);
        assertThat(preflight.headers().firstValue("access-control-allow-headers"))
                .contains("authorization, content-type, x-stainless-os");
        assertThat(preflight.headers().firstValue("access-control-allow-methods"))
                .contains("GET, HEAD, POST, PUT, PATCH, DELETE");
        assertThat(call.headers().firstValue("access-control-allow-origin")).contains(origin);
        assertThat(call.headers().firstValue("access-control-allow-credentials"))
                .isEmpty();
        assertThat(call.headers().allValues("vary")).contains("origin");
    }

    @Test
    void otherOriginGetsNoPermission() {
        var preflight = send(
                "OPTIONS",
                "/api/v1/me",
                null,
                "Origin",
                "https://evil.example",
                "Access-Control-Request-Method",
                "POST");

        assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                .isEmpty();
        assertThat(preflight.headers().firstValue("access-control-allow-methods"))
                .isEmpty();
        assertThat(get("/api/v1/me", "Origin", "https://evil.example")
                        .headers()
                        .firstValue("access-control-allow-origin"))
                .isEmpty();
    }

    @Test
    void rootLeadsToTheConsole() {
        assertThat(get("/").statusCode()).isEqualTo(302);
        assertThat(get("/").headers().firstValue("location")).contains("/console/");
        assertThat(get("/console").headers().firstValue("location")).contains("/console/");
        assertThat(get("/docs").headers().firstValue("location")).contains("/docs/");
    }

    @Test
    void documentOfAllServicesShowsOnlyWhatIsPublic() {
        var response = get("/openapi");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        var document = json(response);
        assertThat(document.get("paths").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("/api/v1/agents", "/api/v1/members/{id}");
        assertThat(document.at("/paths/~1api~1v1~1agents/get/security").toString())
                .isEqualTo("[{\"bearer\":[]},{\"api-key\":[]}]");
        assertThat(document.at("/components/securitySchemes/api-key/name").asText())
                .isEqualTo("X-API-Key");
        assertThat(response.body()).doesNotContain("/internal/").doesNotContain("internal-jwt");
    }

    @Test
    void readerIsServedFromHereWithoutInlineScript() {
        var page = get("/docs/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy")).hasValueSatisfying(policy -> assertThat(policy)
                .contains("script-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("script-src 'self' 'unsafe-inline'"));
        assertThat(page.body())
                .doesNotContain("<script>")
                .doesNotContain("http:")
                .doesNotContain("https:");
        for (String asset : new String[] {"swagger-ui.css", "swagger-ui-bundle.js", "start.js", "favicon-32x32.png"}) {
            assertThat(get("/docs/" + asset).statusCode()).as(asset).isEqualTo(200);
        }
        assertThat(get("/docs/nothing.js").statusCode()).isEqualTo(404);
        assertThat(post("/docs/", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void healthIsPublicAndMetricsAreForThisMachine() {
        get("/api/v1/me", "X-API-Key", caller());

        for (String probe : new String[] {"", "/live", "/ready", "/started"}) {
            assertThat(get("/q/health" + probe).statusCode()).isEqualTo(200);
        }
        assertThat(get("/q/health").body()).doesNotContain("127.0.0.1");
        assertThat(get("/q/metrics").body())
                .contains("gateway_request_seconds_count{route=\"identity\",status=\"200\"}");
        assertThat(get("/q/metrics", "X-Forwarded-For", "8.8.8.8").statusCode()).isEqualTo(404);
    }

    @Test
    void everyAnswerCarriesItsIdsAndTheSecurityHeaders() {
        for (String path : new String[] {"/api/v1/me", "/nothing", "/openapi", "/docs/", "/q/health", "/"}) {
            var headers = get(path).headers();

            assertThat(headers.allValues("x-operation-id")).as(path).hasSize(1);
            assertThat(headers.firstValue("x-request-id")).isEqualTo(headers.firstValue("x-operation-id"));
            assertThat(headers.firstValue("x-content-type-options")).as(path).contains("nosniff");
            assertThat(headers.firstValue("referrer-policy")).as(path).contains("no-referrer");
            assertThat(headers.firstValue("content-security-policy"))
                    .as(path)
                    .hasValueSatisfying(policy -> assertThat(policy).contains("frame-ancestors 'none'"));
            assertThat(headers.firstValue("strict-transport-security"))
                    .as("plain http here")
                    .isEmpty();
        }
    }

    private static String caller() {
        String key = Keys.apiKey();
        FakeServices.grant(key, UUID.randomUUID().toString(), "k", "api-key:" + key.hashCode());
        return key;
    }
}
