package dev.parley.e2e.support;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Agents whose model reads files. */
public final class Readers {
    private Readers() {}

    /** Makes an agent whose model reads PDFs and WAV beside pictures, and returns its slug. */
    public static String agent() {
        Api admin = Api.platformAdmin();
        String slug = "reader-" + UUID.randomUUID().toString().substring(0, 8);
        admin.post(
                        "/api/v1/admin/providers",
                        Map.of(
                                "name",
                                slug,
                                "kind",
                                "openai",
                                "base_url",
                                Stack.running().simulatorsUrl() + "/llm/v1",
                                "api_key",
                                "key-of-" + slug,
                                "models",
                                List.of("demo"),
                                "reads",
                                List.of("application/pdf", "audio/wav")))
                .expect(201);
        String agent = admin.post("/api/v1/admin/agents", Map.of("slug", slug, "name", "Reader"))
                .expect(201)
                .text("id");
        String versions = "/api/v1/admin/agents/" + agent + "/prompt-versions";
        admin.post(versions, Map.of("system_prompt", "You read.", "provider", slug, "model", "demo"))
                .expect(201);
        admin.post(versions + "/1/activation").expect(200);
        return slug;
    }
}
