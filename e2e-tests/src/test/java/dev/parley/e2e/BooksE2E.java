package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.KeycloakAdmin;
import dev.parley.e2e.support.Mailbox;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where credits and money went: the history, changes by staff, invoices, and that all sides agree in the end. */
class BooksE2E {
    private static final Duration SOON = Duration.ofSeconds(15);

    private static Answer adjust(Api staff, Customer customer, long credits) {
        return staff.post(
                "/api/v1/admin/tenants/" + customer.tenantId() + "/credit-adjustments",
                Map.of("credits", credits, "reason", "goodwill"));
    }

    private static void balance(Customer customer, long remaining) {
        Eventually.passes(SOON, () -> {
            assertThat(customer.api()
                            .get("/api/v1/credits")
                            .expect(200)
                            .at("remaining")
                            .asLong())
                    .isEqualTo(remaining);
            new Checker().tenantIsConsistent(customer.tenantId());
        });
    }

    private static JsonNode reconciled(Api staff, Customer customer) {
        String id = staff.post("/api/v1/admin/reconciliations", Map.of("tenant_id", customer.tenantId()))
                .expect(202)
                .text("id");
        return Eventually.within(SOON, () -> {
            Answer report = staff.get("/api/v1/admin/reconciliations/" + id).expect(200);
            assertThat(report.text("state")).isEqualTo("done");
            return report.body();
        });
    }

    @Test
    void everyCreditIsAccountedForAndStaffChangeThemByFourEyesOnly() {
        Customer customer = Customer.signUp();
        Api first = Api.platformAdmin();
        Api second = Api.login(KeycloakAdmin.newPlatformAdmin("second-pair-of-eyes-1"), "second-pair-of-eyes-1");
        Answer reply = customer.say(customer.conversation("concierge"), "hello").expect(201);
        String operation = reply.text("operation_id");
        long charged = reply.at("/usage/credits").asLong();
        assertThat(charged).isPositive();

        JsonNode used = Eventually.within(SOON, () -> {
            JsonNode newest =
                    customer.api().get("/api/v1/credits/history").expect(200).at("/items/0");
            assertThat(newest.path("kind").asText()).isEqualTo("usage");
            return newest;
        });
        assertThat(used.path("operation_id").asText()).isEqualTo(operation);
        assertThat(used.path("credits").asLong()).isEqualTo(-charged);
        assertThat(used.path("balance").asLong()).isEqualTo(1_000 - charged);
        assertThat(used.at("/usage/agent").asText()).isEqualTo("concierge");
        assertThat(used.at("/usage/lines").findValues("credits").stream()
                        .mapToLong(JsonNode::asLong)
                        .sum())
                .isEqualTo(charged);

        first.post(
                        "/api/v1/admin/tenants/" + customer.tenantId() + "/usage-refunds",
                        Map.of("operation_id", operation, "reason", "a wrong answer"))
                .expect(201);
        balance(customer, 1_000);
        adjust(first, customer, -400).expect(201);
        balance(customer, 600);
        adjust(first, customer, -1_000_000).expect(202);
        String approval = adjust(first, customer, 200_000).expect(202).text("approval_id");
        first.post("/api/v1/admin/approvals/" + approval + "/approval").expect(403);
        for (int i = 0; i < 3; i++) {
            second.post("/api/v1/admin/approvals/" + approval + "/approval").expect(200);
        }
        balance(customer, 200_600);
        adjust(first, customer, 2_000_000_000L).expect(422);

        assertThat(reconciled(first, customer).path("drifts").asLong()).isZero();
        assertThat(customer.api()
                        .get("/api/v1/credits/history/verification")
                        .expect(200)
                        .at("intact")
                        .asBoolean())
                .isTrue();
        assertThat(customer.api()
                        .with("Accept", "text/csv")
                        .get("/api/v1/usage")
                        .expect(200)
                        .raw())
                .startsWith("usage_id,")
                .contains(operation);
    }

    @Test
    void aPaymentComesWithAnInvoiceOfOurOwn() {
        Customer customer = Customer.signUp("Lovelace & Söhne");
        customer.api()
                .put(
                        "/api/v1/billing-profile",
                        Map.of(
                                "name",
                                "Lovelace & Söhne",
                                "address",
                                Map.of("line1", "12 MG Road", "city", "Bengaluru", "state", "KA"),
                                "country",
                                "IN",
                                "email",
                                customer.email()))
                .expect(200);
        Answer checkout = customer.api()
                .post(
                        "/api/v1/checkout",
                        Map.of(
                                "plan",
                                "starter",
                                "provider",
                                "stripe",
                                "success_url",
                                Stack.running().publicUrl() + "/console/",
                                "cancel_url",
                                Stack.running().publicUrl() + "/console/"))
                .expect(201);
        Simulators.payOnPage(checkout.text("url"));

        String id = Eventually.within(SOON, () -> {
            JsonNode invoice =
                    customer.api().get("/api/v1/invoices").expect(200).at("/items/0");
            assertThat(invoice.path("status").asText()).isEqualTo("paid");
            return invoice.path("id").asText();
        });
        Answer invoice = customer.api().get("/api/v1/invoices/" + id).expect(200);
        assertThat(invoice.text("number")).matches("[0-9A-Z]{6}/\\d\\d/000001");
        assertThat(invoice.at("net").asLong()
                        + invoice.at("taxes").findValues("amount").stream()
                                .mapToLong(JsonNode::asLong)
                                .sum())
                .isEqualTo(499_900);
        Answer pdf = customer.api()
                .with("Accept", "application/pdf")
                .get("/api/v1/invoices/" + id)
                .expect(200);
        assertThat(pdf.header("Content-Type")).isEqualTo("application/pdf");
        assertThat(pdf.raw()).startsWith("%PDF-");
        Mailbox mails = new Mailbox(customer.email());
        Eventually.passes(SOON, () -> assertThat(mails.subjects()).contains("Your receipt from Parley: ₹4,999.00"));

        Api staff = Api.platformAdmin();
        assertThat(reconciled(staff, customer).path("drifts").asLong()).isZero();
        Answer revenue = staff.get("/api/v1/admin/revenue").expect(200);
        assertThat(revenue.at("/mrr").findValuesAsText("currency")).contains("INR");
        assertThat(revenue.at("/cost/runs").isNumber()).isTrue();
        assertThat(revenue.at("/margins/estimated").asBoolean()).isTrue();
    }

    @Test
    void aTenantBillsItsOwnCustomers() {
        Customer customer = Customer.signUp("Boilers & Co");
        Api owner = customer.api();
        owner.put(
                        "/api/v1/billing-profile",
                        Map.of(
                                "name",
                                "Boilers & Co",
                                "address",
                                Map.of("line1", "1", "city", "Pune"),
                                "country",
                                "IN",
                                "email",
                                customer.email()))
                .expect(200);
        String to = "debtor-" + customer.tenantId() + "@example.com";
        String id = owner.post("/api/v1/customer-invoices", """
                                {"customer":{"name":"Debtor","email":"%s"},"currency":"INR",
                                 "lines":[{"description":"Repair","quantity":2,"unit_amount":50000,"tax_basis_points":1800}]}
                                """.formatted(to))
                .expect(201)
                .text("id");
        Answer issued = owner.post("/api/v1/customer-invoices/" + id + "/issue").expect(200);
        assertThat(issued.at("/total/amount").asLong()).isEqualTo(118_000);
        owner.post("/api/v1/customer-invoices/" + id + "/sending", Map.of()).expect(202);
        Mailbox mails = new Mailbox(to);
        Eventually.passes(SOON, () -> assertThat(mails.subjects())
                .containsExactly("Invoice " + issued.text("number") + " from Boilers & Co"));
        owner.post("/api/v1/customer-invoices/" + id + "/payment", Map.of()).expect(200);
        assertThat(owner.get("/api/v1/customer-invoices?status=paid")
                        .expect(200)
                        .at("items"))
                .hasSize(1);
    }
}
