package dev.parley.e2e.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Plans that stories need, made by the platform's admin; they cost nothing, so a checkout activates them at once. */
public final class Plans {
    private Plans() {}

    /** A plan for all demo agents on which a message costs one credit and nothing else does. */
    public static String withCredits(int credits) {
        String code = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
        create(Api.platformAdmin(), code, credits, 1, List.of("concierge", "support", "sales"));
        return code;
    }

    /** A plan with a thousand credits and these quotas. */
    public static String withQuotas(Map<String, Integer> quotas) {
        String code = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
        create(Api.platformAdmin(), code, 1_000, 1, List.of("concierge", "support", "sales"), quotas, List.of());
        return code;
    }

    /** A plan with a thousand credits on which tenants write prompt versions of their own. */
    public static String withCustomPrompts() {
        String code = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
        create(
                Api.platformAdmin(),
                code,
                1_000,
                1,
                List.of("concierge", "support", "sales"),
                Map.of(),
                List.of("custom_prompts"));
        return code;
    }

    /** Creates a plan with that price of a message, for these agents on web, API and the messengers. */
    public static void create(Api admin, String code, int credits, int creditsPerMessage, List<String> agents) {
        create(admin, code, credits, creditsPerMessage, agents, Map.of(), List.of());
    }

    /** A plan like {@code starter}, with features and the channel mobile beside it; it costs as much. */
    public static String likeStarter(List<String> features) {
        Api admin = Api.platformAdmin();
        Map<String, Object> plan = new LinkedHashMap<>();
        for (JsonNode known : admin.get("/api/v1/plans").expect(200).at("/items")) {
            if (known.path("code").asText().equals("starter")) {
                known.properties().forEach(member -> plan.put(member.getKey(), member.getValue()));
            }
        }
        String code = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
        plan.put("code", code);
        plan.put("features", features);
        plan.put("channels", List.of("web", "mobile", "api", "telegram", "whatsapp"));
        plan.remove("version");
        admin.post("/api/v1/admin/plans", plan).expect(201);
        return code;
    }

    private static void create(
            Api admin,
            String code,
            int credits,
            int creditsPerMessage,
            List<String> agents,
            Map<String, Integer> quotas,
            List<String> features) {
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("code", code);
        plan.put("name", "Plan " + code);
        plan.put("price", Map.of("amount", 0, "currency", "INR"));
        plan.put("interval", "month");
        plan.put("credits", credits);
        plan.put("rates", Map.of("message", Map.of("credits", creditsPerMessage, "per", 1)));
        plan.put("agents", agents);
        plan.put("channels", List.of("web", "mobile", "api", "telegram", "whatsapp", "sms", "email"));
        plan.put("quotas", quotas);
        plan.put("features", features);
        plan.put("overage", Map.of("mode", "block"));
        plan.put("trial_days", 0);
        admin.post("/api/v1/admin/plans", plan).expect(201);
    }
}
