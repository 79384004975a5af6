package dev.parley.e2e.wall;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Mailbox;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.wall.Operation.Parameter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A tenant with something of every kind that its API lets it make, and a canary in each text of it.
 *
 * <p>What can be listed and made is made by rule; {@link #seed} holds only what takes more than one request.
 */
final class Household {
    static final Pattern UUIDS = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** Collections of the platform, the same for everybody: an id in them is nobody's secret. */
    private static final Map<String, String> SHARED = Map.ofEntries(
            Map.entry("/v1/models", "concierge"),
            Map.entry("/api/v1/plans", "starter"),
            Map.entry("/webhooks", "telegram"),
            Map.entry("/webhooks/{type}/{account}", "sms"),
            // their addresses carry a signature, without which there is nothing
            Map.entry("/checkout/razorpay", "sub_none"),
            Map.entry("/files", "AAAA"),
            Map.entry("/api/v1/admin/agents", "00000000-0000-7000-8000-000000000000"),
            Map.entry("/api/v1/admin/agents/{id}/prompt-versions", "1"),
            Map.entry("/api/v1/admin/agents/{id}/golden-conversations", "00000000-0000-7000-8000-000000000000"),
            Map.entry("/api/v1/admin/agents/{id}/experiments", "00000000-0000-7000-8000-000000000000"),
            Map.entry("/api/v1/agents", "concierge"),
            // numbers that each tenant counts for itself
            Map.entry("/api/v1/agents/{slug}/prompt-versions", "1"),
            Map.entry("/api/v1/admin/providers", "00000000-0000-7000-8000-000000000000"),
            // counted within an operation, whose id is the tenant's
            Map.entry("/api/v1/operations/{id}/sends", "1"),
            // an agent of the catalogue and a messenger
            Map.entry("/api/v1/review-rules", "concierge"),
            Map.entry("/api/v1/review-rules/{agent}", "telegram"),
            Map.entry("/api/v1/admin/plans", "starter"),
            Map.entry("/api/v1/admin/break-glass", "00000000-0000-7000-8000-000000000000"),
            Map.entry("/api/v1/admin/approvals", "00000000-0000-7000-8000-000000000000"),
            Map.entry("/api/v1/admin/reconciliations", "00000000-0000-7000-8000-000000000000"),
            Map.entry("/api/v1/admin/policy-rules", "1"),
            // stands under the platform when the tenant is gone, and is opened by the token in its link alone
            Map.entry("/api/v1/erasure-certificates", "00000000-0000-7000-8000-000000000000"));

    /** Collections whose ids come from elsewhere than their own list. */
    private static final Map<String, String> SAME_AS = Map.of(
            "/webhooks/{type}", "/api/v1/channels",
            "/api/v1/runs", "/api/v1/operations",
            "/api/v1/admin/tenants", "/api/v1/tenants");

    /** Downloads leave an entry in the trail, and heads are signed each minute: the trail itself is compared. */
    private static final List<String> OF_THEIR_OWN_ACCORD =
            List.of("/file", "/audit-log/head", "/audit-log/verification", "/audit-log/export");

    private final Contract contract;
    private final Api owner;
    private final String email;
    private final String organization;
    private final String canary;
    private final String botToken;
    private final Samples samples;
    private final Map<String, String> ids = new ConcurrentHashMap<>();
    private final Map<String, String> idempotencyKeys = new ConcurrentHashMap<>();
    private final Set<String> secrets = ConcurrentHashMap.newKeySet();

    private Household(Contract contract, String canary, Api owner, String email, String organization) {
        this.contract = contract;
        this.canary = canary;
        this.owner = owner;
        this.email = email;
        this.organization = organization;
        this.botToken =
                100_000 + Math.abs(canary.hashCode() % 899_999) + ":AAEwall-token-of-a-bot-" + canary.substring(7, 19);
        this.samples = new Samples(canary, organization, botToken, this::id);
        secrets.add(canary);
    }

    /** Signs a tenant up, with nothing in it yet. */
    static Household signUp(Contract contract) {
        String canary =
                "canary-" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        String email = canary + "@example.com";
        String organization = "Organisation " + canary;
        Map<String, Object> form = Map.of(
                "email",
                email,
                "password",
                "correct-horse-" + canary,
                "name",
                "Owner " + canary,
                "organization",
                organization);
        Answer answer = Api.anonymous().post("/api/v1/auth/signup", form).expect(201);
        new Mailbox(email).proveAddress();
        Household household =
                new Household(contract, canary, Api.bearer(answer.text("access_token")), email, organization);
        household.ids.put("/api/v1/tenants", answer.text("tenant_id"));
        household.ids.put("/api/v1/members", answer.text("user_id"));
        return household;
    }

    /** Makes something of every kind. */
    Household seed() {
        subscribe();
        owner.patch("/api/v1/tenant", Map.of("settings", Map.of("note", canary)))
                .expect(200);
        owner.put("/api/v1/billing-profile", samples.body(operation("PUT", "/api/v1/billing-profile")))
                .expect(200);
        made("/api/v1/agents/concierge/prompt-versions", Map.of("system_prompt", canary));
        keep(
                "/api/v1/agents/{slug}/golden-conversations",
                made(
                        "/api/v1/agents/concierge/golden-conversations",
                        Map.of("name", canary, "turns", List.of(Map.of("user", canary, "expect", List.of())))));
        made("/api/v1/agents/concierge/prompt-versions/1/trial", Map.of());
        String conversation =
                made("/api/v1/conversations", Map.of("agent", "concierge")).text("id");
        Answer said = made("/api/v1/conversations/" + conversation + "/messages", Map.of("text", canary));
        ids.put("/api/v1/operations", said.text("operation_id"));
        owner.get("/api/v1/credits").expect(200).at("/lots").forEach(lot -> {
            if (lot.path("source").asText().equals("plan")) {
                ids.put("/api/v1/lots", lot.path("id").asText());
            }
        });
        connectPush();
        makeWhatCanBeListed();
        String endpoint = "/api/v1/webhook-endpoints/" + id("/api/v1/webhook-endpoints");
        String told = made(endpoint + "/test", Map.of()).text("delivery_id");
        ids.put("/api/v1/webhook-endpoints/{id}/deliveries", told);
        Eventually.passes(Duration.ofSeconds(10), () -> org.assertj.core.api.Assertions.assertThat(
                        owner.get(endpoint + "/deliveries/" + told).expect(200).text("state"))
                .isEqualTo("delivered"));
        if (!ids.containsKey("/api/v1/invitations")) {
            String invitations = "/api/v1/invitations";
            keep(invitations, made(invitations, samples.body(operation("POST", invitations))));
        }
        keep(
                "/api/v1/media",
                owner.raw("POST", "/api/v1/media", canary.getBytes(StandardCharsets.UTF_8), "text/plain")
                        .expect(201));
        keep(Samples.OTHERS.get("into"), made("/api/v1/contacts", Map.of("display_name", canary)));
        ids.put("/api/v1/operations", answeredOnTelegram());
        ids.put("/api/v1/otp", coded());
        ids.put("/api/v1/drafts", drafted());
        ids.put("/api/v1/tool-approvals", wished(conversation));
        collectIds();
        String devices = "/api/v1/conversations/{id}/devices";
        keep(
                devices,
                made(devices.replace("{id}", id("/api/v1/conversations")), samples.body(operation("POST", devices))));
        return this;
    }

    /** A channel through which devices are notified, without which none can be registered. */
    private void connectPush() {
        String keyFile = Simulators.control("POST", "/fcm/projects/" + canary + "/keys", Map.of())
                .toString();
        made(
                "/api/v1/channels",
                Map.of(
                        "type",
                        "fcm",
                        "name",
                        canary,
                        "agent",
                        "concierge",
                        "credentials",
                        Map.of("service_account", keyFile)));
    }

    /** The operation of a message from a messenger, whose reply was sent. */
    private String answeredOnTelegram() {
        Simulators.writeToBot(botToken, chat(canary), canary);
        return Eventually.within(Duration.ofSeconds(20), () -> {
            String conversation = owner.get("/api/v1/conversations?channel=telegram")
                    .expect(200)
                    .at("/items/0/id")
                    .asText();
            JsonNode messages = owner.get("/api/v1/conversations/" + conversation + "/messages")
                    .expect(200)
                    .at("items");
            org.assertj.core.api.Assertions.assertThat(messages.findValuesAsText("status"))
                    .contains("sent");
            return messages.at("/0/operation_id").asText();
        });
    }

    /** The chat in which this tenant's first customer writes. */
    static long chat(String canary) {
        return 1_000_000 + Math.abs(canary.hashCode() % 1_000_000);
    }

    /** A one-time code that was sent and approved: nothing of it changes any more. */
    private String coded() {
        int before = Simulators.sentByBot(botToken, chat(canary)).size();
        String id = made("/api/v1/otp", samples.body(operation("POST", "/api/v1/otp")))
                .text("id");
        String code = Eventually.within(Duration.ofSeconds(10), () -> {
            List<String> sent = Simulators.sentByBot(botToken, chat(canary));
            org.assertj.core.api.Assertions.assertThat(sent).hasSize(before + 1);
            return sent.getLast().substring(0, 6);
        });
        String reference =
                owner.get("/api/v1/otp/" + id).expect(200).at("reference").asText();
        made("/api/v1/otp/" + id + "/checks", Map.of("code", code, "reference", reference));
        Eventually.passes(Duration.ofSeconds(10), () -> org.assertj.core.api.Assertions.assertThat(
                        owner.get("/api/v1/otp/" + id).expect(200).raw())
                .contains("approved", "\"sent\""));
        return id;
    }

    /** A reply that waits for a person. */
    private String drafted() {
        owner.put("/api/v1/review-rules/concierge/telegram", Map.of("mode", "review"))
                .expect(200);
        Simulators.writeToBot(botToken, 2_000_000 + Math.abs(canary.hashCode() % 1_000_000), canary);
        return Eventually.within(Duration.ofSeconds(20), () -> {
            String draft = owner.get("/api/v1/drafts?state=waiting")
                    .expect(200)
                    .at("/items/0/id")
                    .asText();
            org.assertj.core.api.Assertions.assertThat(draft).isNotEmpty();
            return draft;
        });
    }

    /** A call that waits for a person's approval. No function that ships needs one, so this is what one would leave. */
    private String wished(String conversation) {
        String id = UUID.randomUUID().toString();
        new Checker().update("parley_agent", """
                insert into app.tool_approval (tenant_id, id, conversation_id, agent, channel, tool, arguments, fingerprint,
                                               operation_id, requested_run, expires_at)
                values ('%s', '%s', '%s', 'concierge', 'web', 'pay_back', '{"note":"%s"}', '\\x00', '%s', '%s',
                        now() + interval '1 day')
                """.formatted(
                        tenantId(), id, conversation, canary, UUID.randomUUID(), UUID.randomUUID()));
        return id;
    }

    /** Takes another tenant's ids for paths, where none of its own are needed to be refused. */
    Household borrowing(Household other) {
        other.ids.forEach(ids::putIfAbsent);
        return this;
    }

    Api owner() {
        return owner;
    }

    String email() {
        return email;
    }

    /** The text that stands in everything that this tenant wrote. */
    String canary() {
        return canary;
    }

    String tenantId() {
        return ids.get("/api/v1/tenants");
    }

    Samples samples() {
        return samples;
    }

    Map<String, String> idempotencyKeys() {
        return idempotencyKeys;
    }

    Set<String> seededCollections() {
        return new TreeSet<>(ids.keySet());
    }

    /** Texts that nobody else may ever see. */
    Set<String> secrets() {
        return secrets;
    }

    /** Whether a parameter of the path names something that belongs to a tenant. */
    static boolean isOwned(Parameter parameter) {
        return !SHARED.containsKey(parameter.collection());
    }

    /** The id of something of this tenant in a collection. */
    String id(String collection) {
        String id = ids.get(SAME_AS.getOrDefault(collection, collection));
        if (id == null) {
            throw new AssertionError(
                    ("Tenant A owns nothing in %s, so its ids cannot be tried by others: make something "
                                    + "there in Household.seed, or add it to SHARED when it belongs to the platform.")
                            .formatted(collection));
        }
        return id;
    }

    /** The path of an operation with this tenant's ids, and the parameters without which it does nothing. */
    String path(Operation operation) {
        String path = path(operation, parameter -> id(placeOf(parameter)));
        for (Parameter parameter : operation.inQuery()) {
            if (parameter.required()) {
                path = withQuery(path, parameter.name(), samples.parameter(operation, parameter));
            }
        }
        return path;
    }

    /** A path with one parameter more, which counts before the same one in the path. */
    static String withQuery(String path, String name, String value) {
        String parameter = name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        int query = path.indexOf('?');
        return query < 0
                ? path + "?" + parameter
                : path.substring(0, query + 1) + parameter + "&" + path.substring(query + 1);
    }

    /** Tokens that open something are not the ids of it. */
    private static String placeOf(Parameter parameter) {
        return parameter.name().equals("token") ? parameter.collection() + "#token" : parameter.collection();
    }

    /** The path of an operation with ids that nobody has. */
    static String pathOfNobody(Operation operation) {
        return path(operation, parameter -> UUID.randomUUID().toString());
    }

    private static String path(Operation operation, java.util.function.Function<Parameter, String> owned) {
        String path = operation.path();
        for (Parameter parameter : operation.inPath()) {
            String id = isOwned(parameter) ? owned.apply(parameter) : SHARED.get(parameter.collection());
            path = path.replace("{" + parameter.name() + "}", id);
        }
        return path;
    }

    /** What this tenant's owner sees wherever it may read, without times and signatures. */
    Map<String, String> views() {
        Map<String, String> views = new TreeMap<>();
        for (Operation operation : contract.operations()) {
            boolean still = OF_THEIR_OWN_ACCORD.stream().noneMatch(operation.path()::endsWith);
            if (operation.isSafe() && !operation.isPublic() && !operation.forStaff() && still) {
                Answer answer = owner.get(path(operation));
                views.put(operation.path(), answer.status() + " " + Volatile.hidden(answer.raw()));
            }
        }
        return views;
    }

    /** Every id in what this tenant's owner sees. */
    Set<String> visibleIds() {
        Set<String> found = new TreeSet<>(ids.values());
        views().values().forEach(view -> UUIDS.matcher(view).results().forEach(match -> found.add(match.group())));
        return found;
    }

    private void subscribe() {
        Map<String, Object> wanted = samples.body(operation("POST", "/api/v1/checkout"));
        wanted.put("plan", Plans.likeStarter(List.of("custom_prompts")));
        Answer checkout = made("/api/v1/checkout", wanted);
        Simulators.payOnPage(checkout.text("url"));
        Eventually.passes(Duration.ofSeconds(20), () -> org.assertj.core.api.Assertions.assertThat(
                        owner.get("/api/v1/credits").expect(200).at("granted").asInt())
                .isEqualTo(49_990));
    }

    private void makeWhatCanBeListed() {
        for (Operation operation : contract.operations()) {
            boolean collection = operation.method().equals("POST")
                    && operation.inPath().isEmpty()
                    && !operation.isPublic()
                    && !operation.forStaff()
                    && contract.find("GET", operation.path()).isPresent();
            if (collection && !ids.containsKey(operation.path())) {
                keep(operation.path(), made(operation.path(), samples.body(operation)));
            }
        }
    }

    /** Takes the ids that lists show, for all collections that have items with an address of their own. */
    private void collectIds() {
        for (Operation operation : contract.operations()) {
            for (Parameter parameter : operation.inPath()) {
                String collection = parameter.collection();
                boolean listed = contract.find("GET", collection)
                        .filter(list -> !list.forStaff())
                        .isPresent();
                if (isOwned(parameter) && !ids.containsKey(collection) && listed && !collection.contains("{")) {
                    JsonNode first = owner.get(collection).expect(200).at("/items/0");
                    keep(collection, first);
                }
            }
        }
    }

    private Answer made(String path, Map<String, Object> body) {
        String key = "wall-" + UUID.randomUUID();
        Answer answer = owner.with("Idempotency-Key", key).post(path, body);
        if (answer.status() >= 300) {
            throw new AssertionError("Tenant A could not make what others are to be kept from: " + answer.request()
                    + " " + body + " answered " + answer.status() + " " + answer.raw());
        }
        idempotencyKeys.put(path, key);
        if (path.equals("/api/v1/conversations")) {
            keep(path, answer.body());
        }
        return answer;
    }

    private void keep(String collection, Answer answer) {
        keep(collection, answer.body());
        for (String shownOnce : List.of("key", "secret")) {
            if (answer.at(shownOnce).isTextual()) {
                secrets.add(answer.text(shownOnce));
            }
        }
        if (collection.equals("/api/v1/invitations")) {
            ids.put(collection + "#token", Invitations.token(answer, canary));
        }
    }

    private void keep(String collection, JsonNode item) {
        for (String name : List.of("id", "decision_id", "export_id", "user_id")) {
            if (item.path(name).isTextual()) {
                ids.putIfAbsent(collection, item.path(name).asText());
                return;
            }
        }
    }

    private Operation operation(String method, String path) {
        return contract.find(method, path).orElseThrow();
    }
}
