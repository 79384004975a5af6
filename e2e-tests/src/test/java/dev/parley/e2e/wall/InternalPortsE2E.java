package dev.parley.e2e.wall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.local.Part;
import dev.parley.testing.WallReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Who reaches a service's own port still needs a context for just this service, and a service's to go inside. */
@Order(75)
class InternalPortsE2E {
    private static final Set<String> PROVED_BY_SECRET =
            Set.of("/internal/context-exchanges", "/internal/service-contexts");

    @Test
    void thePortsOfServicesAreNoWayAround() {
        Customer customer = Customer.signUp();
        String person = Inside.contextOf(customer.api());
        String key = Inside.exchange("api-key", customer.apiKey()).expect(200).text("token");
        List<String> wrong = new ArrayList<>();
        int requests = 0;
        int endpoints = 0;
        for (Part service : Inside.SERVICES) {
            Api port = Inside.port(service);
            Part another = service == Part.POLICY_SERVICE ? Part.BILLING_SERVICE : Part.POLICY_SERVICE;
            String elsewhere = Inside.contextOf("channel-service", customer.tenantId(), another.label());
            for (Operation operation : Contract.of(
                            port.get("/q/openapi?format=json").expect(200).body())
                    .operations()) {
                boolean inside = operation.path().startsWith("/internal/");
                endpoints++;
                Map<String, String> tokens = new LinkedHashMap<>();
                tokens.put("no context", "");
                tokens.put("a context that it signed itself", ContextForgery.forTenant(customer.tenantId()));
                tokens.put("another service's audience", elsewhere);
                if (inside) {
                    tokens.put("a person's context", person);
                    tokens.put("an API key's context", key);
                }
                for (Map.Entry<String, String> token : tokens.entrySet()) {
                    if (operation.isPublic()) {
                        continue;
                    }
                    requests++;
                    Answer answer = (token.getValue().isEmpty()
                                    ? port
                                    : port.with("Authorization", "Bearer " + token.getValue()))
                            .call(
                                    operation.method(),
                                    Household.pathOfNobody(operation),
                                    operation.hasBody() ? Map.of() : null);
                    if (answer.status() != 401 && !(inside && answer.status() == 403)) {
                        wrong.add(service.label() + " " + operation + " with " + token.getKey() + " answered "
                                + answer.status() + " " + answer.raw());
                    }
                }
            }
        }

        assertThat(wrong).isEmpty();
        WallReport.section(
                "Ports of services",
                List.of(
                        "%d operations on the services' own ports, %d requests without a context, with one that nobody of ours signed, with another service's, and inside with a person's or an API key's: all 401, or 403 for a context without the role."
                                .formatted(endpoints, requests)));
    }

    @Test
    void whatIsProvedByASecretTakesNoOther() {
        Customer customer = Customer.signUp();
        for (String path : PROVED_BY_SECRET) {
            for (String service : List.of("gateway", "policy-service", "nobody", "")) {
                for (String secret : List.of("", "wrong", Inside.secretOf("billing-service"))) {
                    Map<String, Object> body = new LinkedHashMap<>();
                    body.put("service", service);
                    body.put("secret", secret);
                    if (path.endsWith("exchanges")) {
                        body.put("kind", "bearer");
                        body.put("credential", customer.api().token());
                    } else {
                        body.put("tenant_id", customer.tenantId());
                        body.put("audience", "policy-service");
                    }
                    Answer answer = Inside.port(Part.AUTH_SERVICE).post(path, body);
                    assertThat(answer.status()).as(path + " " + body).isIn(400, 401);
                    assertThat(answer.raw()).doesNotContain("\"token\"");
                }
            }
        }
    }

    @Test
    void theGatewayLeadsNowhereInside() {
        Customer customer = Customer.signUp();
        for (Part service : Inside.SERVICES) {
            for (Operation operation : Contract.of(Inside.port(service)
                            .get("/q/openapi?format=json")
                            .expect(200)
                            .body())
                    .operations()) {
                if (operation.path().startsWith("/internal/")) {
                    String path = Household.pathOfNobody(operation);
                    for (String way : List.of(
                            path,
                            "/api/v1/.." + path,
                            "/api/v1/%2e%2e" + path,
                            "//" + path.substring(1),
                            "/api/v1/conversations/..%2f.." + path)) {
                        Answer answer =
                                customer.api().call(operation.method(), way, operation.hasBody() ? Map.of() : null);
                        assertThat(answer.status())
                                .as(operation.method() + " " + way)
                                .isIn(400, 404, 405);
                    }
                }
            }
        }
    }
}
