package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.local.audit.AuditVerify;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An owner reads who did what, takes it home and checks it there with a program that knows nothing of Parley. */
@Order(46)
class AuditE2E {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Set<String> UNSAFE = Set.of("post", "put", "patch", "delete");

    @TempDir
    Path folder;

    @Test
    void everyOperationThatMayChangeSomethingSaysWhatItLeaves() throws IOException {
        Map<String, String> declared = declared();
        Set<String> published = new TreeSet<>();
        JsonNode paths = Api.anonymous().get("/openapi").expect(200).at("paths");
        paths.properties().forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
            if (UNSAFE.contains(method)) {
                published.add(method.toUpperCase() + " " + path.getKey());
            }
        }));

        assertThat(published).as("the merged OpenAPI document").hasSizeGreaterThan(30);
        assertThat(declared.keySet())
                .as("contracts/audit-actions.txt names each published operation that is not a GET, and no other")
                .containsExactlyElementsOf(published);
        assertThat(declared.values())
                .allMatch(
                        entry -> entry.matches("- .{10,}") || entry.matches("[a-z-]+\\.[a-z-]+( [a-z-]+\\.[a-z-]+)*"));
    }

    @Test
    void changesOfATenantAreThereWithBeforeAndAfterAndWithoutSecrets() throws IOException {
        Customer customer = Customer.signUp().proveAddress();
        Api owner = customer.api();
        owner.patch("/api/v1/tenant", Map.of("name", "Renamed")).expect(200);
        String key = owner.post("/api/v1/api-keys", Map.of("name", "till", "scopes", List.of("chat")))
                .expect(201)
                .text("key");
        String keyId =
                owner.get("/api/v1/api-keys").expect(200).at("/items/0/id").asText();
        owner.delete("/api/v1/api-keys/" + keyId).expect(204);
        owner.post(
                        "/api/v1/invitations",
                        Map.of("email", "guest-" + UUID.randomUUID() + "@example.com", "role", "member"))
                .expect(201);
        Api admin = Api.platformAdmin();
        String plan = "audit-" + UUID.randomUUID().toString().substring(0, 8);
        Plans.create(admin, plan, 50, 1, List.of("concierge"));
        customer.subscribe(plan);
        owner.post("/api/v1/subscription/cancellation", Map.of("at", "period_end"))
                .expect(200);
        owner.post("/api/v1/subscription/resumption").expect(200);
        admin.post(
                        "/api/v1/admin/tenants/" + customer.tenantId() + "/credit-adjustments",
                        Map.of("credits", 5, "reason", "goodwill"))
                .expect(201);
        admin.post("/api/v1/admin/tenants/" + customer.tenantId() + "/suspension", Map.of("reason", "a test"))
                .expect(200);
        admin.with("X-Access-Reason", "the test is over")
                .delete("/api/v1/admin/tenants/" + customer.tenantId() + "/suspension")
                .expect(204);

        Set<String> expected = Set.of(
                "tenant.create",
                "member.add",
                "tenant.change",
                "api-key.create",
                "api-key.revoke",
                "invitation.create",
                "checkout.create",
                "subscription.start",
                "subscription.change",
                "subscription.cancel",
                "subscription.resume",
                "credits.adjust",
                "tenant.suspend",
                "tenant.restore");
        JsonNode entries = Eventually.within(SOON, () -> {
            JsonNode items =
                    owner.get("/api/v1/audit-log?limit=200").expect(200).at("items");
            assertThat(new HashSet<>(items.findValuesAsText("action"))).isEqualTo(expected);
            return items;
        });
        Set<String> known = new HashSet<>(List.of("subscription.start"));
        declared().values().stream()
                .filter(action -> !action.startsWith("-"))
                .forEach(action -> known.addAll(List.of(action.split(" "))));
        assertThat(known).containsAll(expected);
        for (JsonNode entry : entries) {
            assertThat(entry.path("before").isNull() && entry.path("after").isNull())
                    .as(entry.toString())
                    .isFalse();
            if (entry.path("action").asText().matches(".*\\.(change|suspend|restore|cancel|resume)")) {
                assertThat(entry.path("before").isObject()
                                && entry.path("after").isObject())
                        .as(entry.toString())
                        .isTrue();
            }
        }
        assertThat(entries.toString()).doesNotContain(key, key.substring(12), customer.password());
        JsonNode renamed = owner.get("/api/v1/audit-log?action=tenant.change&q=rENAMED")
                .expect(200)
                .at("items");
        assertThat(renamed).hasSize(1);
        assertThat(renamed.get(0).path("actor_name").asText()).isEqualTo("Ada Owner <" + customer.email() + ">");
        assertThat(renamed.get(0).at("/before/name").asText()).isEqualTo("Analytical Engines");
        assertThat(renamed.get(0).at("/after/name").asText()).isEqualTo("Renamed");
        assertThat(owner.get("/api/v1/audit-log?q=the+test+is+over").expect(200).at("items"))
                .hasSize(1);
    }

    @Test
    void exportIsCheckedWithoutParleyAndEveryChangeOfItIsFound() throws IOException {
        Customer customer = Customer.signUp();
        Api owner = customer.api();
        owner.patch("/api/v1/tenant", Map.of("name", "Zähler \"8\" \u0007\t€ \\ 日本"))
                .expect(200);
        owner.patch("/api/v1/tenant", Map.of("settings", Map.of("theme", 1.50, "n", List.of(1, 2))))
                .expect(200);
        Api.platformAdmin()
                .with("X-Access-Reason", "ticket 4711")
                .with("X-Access-Ticket", "4711")
                .get("/api/v1/admin/tenants/" + customer.tenantId())
                .expect(200);
        Eventually.passes(SOON, () -> assertThat(
                        owner.get("/api/v1/audit-log").expect(200).at("items"))
                .hasSizeGreaterThanOrEqualTo(6));
        Api exporter = owner.with("Accept", "application/x-ndjson");
        String export = exporter.get("/api/v1/audit-log/export").expect(200).raw();
        Path keys = Files.writeString(
                folder.resolve("keys.json"),
                owner.get("/api/v1/audit-log/keys").expect(200).raw());

        AuditVerify sound = check(export, keys);
        assertThat(sound.faults()).isEmpty();
        assertThat(sound.verdict()).startsWith("INTACT").contains(customer.tenantId());

        List<String> lines = List.of(export.split("\n"));
        int last = lines.size() - 1;
        assertThat(check(without(lines, 3), keys).faults())
                .anyMatch(fault -> fault.contains("entry 4 follows entry 2"));
        assertThat(check(without(lines, last - 1), keys).isIntact()).isFalse();
        assertThat(check(without(lines, last), keys).faults()).anyMatch(fault -> fault.contains("cut off"));
        assertThat(check(swapped(lines, 2, 3), keys).isIntact()).isFalse();
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            int number = 1 + random.nextInt(last - 1);
            String line = lines.get(number);
            int at = random.nextInt(line.length());
            char other = (char) (line.charAt(at) ^ 1 << random.nextInt(5));
            List<String> changed = new ArrayList<>(lines);
            changed.set(number, line.substring(0, at) + other + line.substring(at + 1));
            assertThat(check(changed, keys).isIntact()).as(changed.get(number)).isFalse();
        }

        JsonNode verified =
                owner.get("/api/v1/audit-log/verification").expect(200).body();
        assertThat(verified.path("intact").asBoolean()).as(verified.toString()).isTrue();
        assertThat(owner.with("Accept", "text/csv")
                        .get("/api/v1/audit-log/export")
                        .expect(200)
                        .raw())
                .startsWith("\"seq\",\"at\",\"actor\"");
        Api.key(customer.apiKey()).get("/api/v1/audit-log/export").expect(403);
    }

    private AuditVerify check(List<String> lines, Path keys) throws IOException {
        return check(String.join("\n", lines), keys);
    }

    private AuditVerify check(String export, Path keys) throws IOException {
        return AuditVerify.of(Files.writeString(folder.resolve("export.ndjson"), export), keys);
    }

    private static List<String> without(List<String> lines, int number) {
        List<String> rest = new ArrayList<>(lines);
        rest.remove(number);
        return rest;
    }

    private static List<String> swapped(List<String> lines, int one, int other) {
        List<String> changed = new ArrayList<>(lines);
        changed.set(one, lines.get(other));
        changed.set(other, lines.get(one));
        return changed;
    }

    private static Map<String, String> declared() throws IOException {
        Map<String, String> operations = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("..", "contracts", "audit-actions.txt"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.split(" = ", 2);
                assertThat(operations.put(parts[0], parts[1])).as(line).isNull();
            }
        }
        return operations;
    }
}
