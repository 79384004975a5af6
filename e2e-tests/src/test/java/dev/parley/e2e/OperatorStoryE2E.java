package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Stack;
import dev.parley.local.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** An operator sees health, metrics, logs and one trace through all parts. */
@Order(50)
class OperatorStoryE2E {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyPartTellsItsHealthAndMetrics() {
        for (Part part : services()) {
            Api service = Api.of("http://127.0.0.1:" + Stack.running().ports().of(part));
            for (String check : List.of("live", "ready", "started")) {
                assertThat(service.get("/q/health/" + check).expect(200).text("status"))
                        .as(part.label())
                        .isEqualTo("UP");
            }
            assertThat(service.get("/q/metrics").expect(200).raw())
                    .as(part.label())
                    .contains("jvm_memory_used_bytes");
        }
    }

    @Test
    void oneTraceAndOneOperationRunThroughGatewayServicesAndKafka() {
        Customer customer = Customer.signUp();
        Answer said =
                customer.say(customer.conversation("concierge"), "trace me").expect(201);
        String operation = said.text("operation_id");

        Eventually.passes(Duration.ofSeconds(10), () -> {
            Set<String> traces = new TreeSet<>();
            for (Part part : List.of(
                    Part.GATEWAY,
                    Part.CHANNEL_SERVICE,
                    Part.POLICY_SERVICE,
                    Part.AGENT_SERVICE,
                    Part.BILLING_SERVICE)) {
                List<JsonNode> lines = linesOf(part, operation);
                assertThat(lines).as(part.label() + " logged the operation").isNotEmpty();
                lines.forEach(line -> {
                    assertThat(line.path("tenant_id").asText()).isEqualTo(customer.tenantId());
                    traces.add(line.path("trace_id").asText());
                });
            }
            assertThat(traces).hasSize(1).allSatisfy(trace -> assertThat(trace).matches("[0-9a-f]{32}"));
        });
    }

    @Test
    void theInsideIsNotReachableFromOutside() {
        Api.anonymous().get("/internal/jwks").expect(404);
        Api.platformAdmin().get("/internal/agents").expect(404);
        Api.of("http://127.0.0.1:" + Stack.running().ports().of(Part.POLICY_SERVICE))
                .get("/internal/entitlements")
                .expect(401);
    }

    @Test
    void oneDocumentDescribesThePublicFace() {
        JsonNode document = Api.anonymous().get("/openapi").expect(200).body();

        assertThat(document.path("paths").has("/api/v1/conversations/{id}/messages"))
                .isTrue();
        assertThat(document.path("paths").has("/v1/chat/completions")).isTrue();
        assertThat(document.path("paths").has("/api/v1/checkout")).isTrue();
        assertThat(document.path("paths").toString()).doesNotContain("/internal/");
        Api.anonymous().get("/docs").raw();
    }

    private static List<Part> services() {
        return Arrays.stream(Part.values()).filter(Part::isService).toList();
    }

    private static List<JsonNode> linesOf(Part part, String operation) {
        try {
            return Files.readAllLines(Stack.running().log(part)).stream()
                    .filter(line -> line.startsWith("{") && line.contains(operation))
                    .map(OperatorStoryE2E::json)
                    .map(line -> line.has("mdc") ? line.path("mdc") : line)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
