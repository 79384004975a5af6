package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What keys may do, by the guide's table, and how they end. */
@Order(36)
class ApiKeyE2E {
    private static final Path GUIDE = Path.of("..", "docs", "guides", "api-keys.md");
    private static final Path CONTRACTS = Path.of("..", "contracts", "openapi");
    private static final String NAME = "{\"name\":\"x\"}";
    private static final List<String> SCOPES = List.of("chat", "read", "write");
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
    private static final List<String> WITHOUT_CREDENTIAL = List.of(
            "/api/v1/auth",
            "/auth",
            "/webhooks",
            "/api/v1/plans",
            "/api/v1/credit-packs",
            // the address carries a signature
            "/checkout/razorpay",
            "/files",
            "/api/v1/erasure-certificates",
            // the public halves of the keys that sign trails
            "/api/v1/audit-log/keys");

    private static Answer make(Customer customer, Map<String, ?> body) {
        return customer.api().post("/api/v1/api-keys", body).expect(201);
    }

    @Test
    void eachScopeOpensWhatTheGuideSaysAndNothingElse() throws Exception {
        Customer customer = Customer.signUp();
        Map<String, Set<String>> guide = guide();
        Set<String> operations = operations();
        assertThat(operations).containsAll(guide.keySet());
        List<String> wrong = new ArrayList<>();
        for (String scope : SCOPES) {
            Api key = Api.key(make(customer, Map.of("name", scope, "scopes", List.of(scope)))
                    .text("key"));
            for (String operation : operations) {
                boolean open = guide.getOrDefault(operation, Set.of()).contains(scope);
                Answer answer = call(key, operation);
                boolean refused = answer.status() == 403 && answer.text("code").equals("FORBIDDEN");
                if (open == refused || answer.status() == 401) {
                    wrong.add(scope + " " + operation + ": " + answer.status() + " " + answer.raw());
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    private static Answer call(Api key, String operation) {
        String method = operation.substring(0, operation.indexOf(' '));
        String path = operation
                .substring(operation.indexOf(' ') + 1)
                .replaceAll("\\{(number|n)}", "1")
                .replaceAll("\\{[^}]*}", UUID.randomUUID().toString());
        // Too little for any operation that a key may do, enough for one that asks who calls after it has read the
        // body.
        return method.equals("GET") ? key.get(path) : key.raw(method, path, NAME.getBytes(), "application/json");
    }

    /** The guide's table: which scopes open an operation. */
    private static Map<String, Set<String>> guide() throws IOException {
        Map<String, Set<String>> table = new HashMap<>();
        for (String line : Files.readAllLines(GUIDE)) {
            String[] cells = line.split("\\|", -1);
            if (cells.length < 6 || !cells[1].strip().matches("(GET|PUT|POST|PATCH|DELETE) /.*")) {
                continue;
            }
            Set<String> scopes = new TreeSet<>();
            for (int i = 0; i < SCOPES.size(); i++) {
                if (cells[i + 2].strip().equals("yes")) {
                    scopes.add(SCOPES.get(i));
                }
            }
            table.put(cells[1].strip(), scopes);
        }
        assertThat(table).hasSizeGreaterThan(20);
        return table;
    }

    /** All public operations that need a credential. */
    private static Set<String> operations() throws IOException {
        ObjectMapper json = new ObjectMapper();
        Set<String> operations = new TreeSet<>();
        try (Stream<Path> files = Files.list(CONTRACTS)) {
            for (Path file :
                    files.filter(one -> !one.toString().contains("-internal")).toList()) {
                for (Map.Entry<String, JsonNode> path :
                        json.readTree(file.toFile()).path("paths").properties()) {
                    if (WITHOUT_CREDENTIAL.stream()
                            .noneMatch(open ->
                                    path.getKey().equals(open) || path.getKey().startsWith(open + "/"))) {
                        path.getValue().fieldNames().forEachRemaining(method -> {
                            if (METHODS.contains(method)) {
                                operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                            }
                        });
                    }
                }
            }
        }
        return operations;
    }

    @Test
    void aKeyIsRotatedWithoutAGapAndRevokedWithinTwoSeconds() {
        Customer customer = Customer.signUp();
        Answer old = make(customer, Map.of("name", "shop", "scopes", List.of("read")));
        Api oldKey = Api.key(old.text("key"));
        oldKey.get("/api/v1/tenant").expect(200);

        Answer fresh = customer.api()
                .post("/api/v1/api-keys/" + old.text("id") + "/rotation", Map.of("overlap_seconds", 3600))
                .expect(201);
        Api freshKey = Api.key(fresh.text("key"));

        freshKey.get("/api/v1/tenant").expect(200);
        oldKey.get("/api/v1/tenant").expect(200);
        customer.api().delete("/api/v1/api-keys/" + old.text("id")).expect(204);
        Eventually.passes(
                Duration.ofSeconds(2), () -> oldKey.get("/api/v1/tenant").expect(401));
        freshKey.get("/api/v1/tenant").expect(200);
        JsonNode listed = customer.api().get("/api/v1/api-keys").expect(200).at("/items/0");
        assertThat(listed.path("last_used_at").isNull()).isFalse();
        assertThat(listed.has("key")).isFalse();
    }

    @Test
    void aKeysOwnLimitHoldsForItAlone() {
        Customer customer = Customer.signUp();
        Api slow = Api.key(make(
                        customer,
                        Map.of(
                                "name",
                                "slow",
                                "scopes",
                                List.of("read"),
                                "rate_limit",
                                Map.of("requests_per_minute", 3)))
                .text("key"));
        Api other = Api.key(customer.apiKey());
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            statuses.add(slow.get("/api/v1/me").status());
        }

        assertThat(statuses).contains(200, 429);
        assertThat(slow.get("/api/v1/me").header("Retry-After")).isNotNull();
        other.get("/api/v1/me").expect(200);
    }

    @Test
    void aServiceAccountsKeysEndWithIt() {
        Customer customer = Customer.signUp();
        String account = customer.api()
                .post("/api/v1/service-accounts", Map.of("name", "importer"))
                .expect(201)
                .text("id");
        Api key = Api.key(make(customer, Map.of("name", "k", "scopes", List.of("read"), "service_account_id", account))
                .text("key"));
        assertThat(key.get("/api/v1/me").expect(200).text("user_id")).isEqualTo("service-account:" + account);

        customer.api().delete("/api/v1/service-accounts/" + account).expect(204);

        Eventually.passes(Duration.ofSeconds(2), () -> key.get("/api/v1/me").expect(401));
    }
}
