package dev.parley.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class MergedOpenApiTest {
    private final JsonMapper json = new JsonMapper();

    @Test
    void equalComponentsAreSharedAndDifferentOnesRenamed() throws Exception {
        var merged = new MergedOpenApi("https://api.example.com");
        merged.add("billing", document("/api/v1/plans", "integer"), path -> true);
        merged.add("agent", document("/api/v1/agents", "string"), path -> true);
        merged.add("policy", document("/api/v1/credits", "integer"), path -> true);

        JsonNode document = merged.document();

        assertThat(document.at("/servers/0/url").asText()).isEqualTo("https://api.example.com");
        assertThat(document.at("/components/schemas").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("Item", "AgentItem");
        assertThat(reference(document, "plans")).isEqualTo("#/components/schemas/Item");
        assertThat(reference(document, "credits")).isEqualTo("#/components/schemas/Item");
        assertThat(reference(document, "agents")).isEqualTo("#/components/schemas/AgentItem");
    }

    @Test
    void whatIsNotPublicIsLeftOut() throws Exception {
        var merged = new MergedOpenApi("https://api.example.com");
        merged.add("agent", document("/internal/runs", "string"), path -> !path.startsWith("/internal"));

        assertThat(merged.document().get("paths").size()).isZero();
    }

    @Test
    void theRolesOfAnOperationAreTold() throws Exception {
        var merged = new MergedOpenApi("https://api.example.com");
        merged.add("auth", json.readTree("""
                {"paths": {"/api/v1/keys": {
                  "get": {"security": [{"SecurityScheme": ["member", "scope:read"]}]},
                  "post": {"security": [{"SecurityScheme": ["admin"]}]},
                  "put": {"security": [{"SecurityScheme": []}]},
                  "delete": {}}}}
                """), path -> true);

        JsonNode keys = merged.document().at("/paths/~1api~1v1~1keys");

        assertThat(keys.at("/get/security").toString())
                .isEqualTo("[{\"bearer\":[\"member\",\"scope:read\"]},{\"api-key\":[\"scope:read\"]}]");
        assertThat(keys.at("/post/security").toString()).isEqualTo("[{\"bearer\":[\"admin\"]}]");
        assertThat(keys.at("/put/security").toString()).isEqualTo("[{\"bearer\":[]},{\"api-key\":[]}]");
        assertThat(keys.at("/delete/security").toString()).isEqualTo("[]");
    }

    private static String reference(JsonNode document, String path) {
        return document.at("/paths/~1api~1v1~1" + path + "/get/schema/$ref").asText();
    }

    private JsonNode document(String path, String type) throws Exception {
        return json.readTree("""
                {"paths": {"%s": {"get": {"schema": {"$ref": "#/components/schemas/Item"}}}},
                 "components": {"schemas": {"Item": {"type": "%s"}}}}
                """.formatted(path, type));
    }
}
