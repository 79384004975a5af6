package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.KeycloakAdmin;
import dev.parley.e2e.support.LiveStream;
import dev.parley.e2e.support.Mailbox;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where credits and money went: history, warnings, invoices, changes by staff, and that all sides agree in the end. */
class BooksE2E {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final long STARTER = 499_900;
    // What the launcher says that the demo model costs, in paise for a million tokens.
    private static final long INPUT_PRICE = 25_000;
    private static final long OUTPUT_PRICE = 125_000;

    @AfterEach
    void heal() {
        Simulators.heal("stripe-webhooks");
    }

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
        // What did not answer in time is not compared: then once more.
        return Eventually.within(SOON, () -> {
            String id = staff.post("/api/v1/admin/reconciliations", Map.of("tenant_id", customer.tenantId()))
                    .expect(202)
                    .text("id");
            Answer report = Eventually.within(SOON, () -> {
                Answer found = staff.get("/api/v1/admin/reconciliations/" + id).expect(200);
                assertThat(found.text("state")).isEqualTo("done");
                return found;
            });
            assertThat(report.at("not_compared").asLong()).isZero();
            return report.body();
        });
    }

    private static List<String> kinds(JsonNode report) {
        return report.path("items").findValuesAsText("kind");
    }

    private static void repair(Api staff, JsonNode report) {
        // A balance is compensated once policy-service has answered.
        Answer repaired = Eventually.within(SOON, () -> staff.post(
                        "/api/v1/admin/reconciliations/" + report.path("id").asText() + "/repair",
                        Map.of("reason", "month end"))
                .expect(200));
        assertThat(repaired.at("items").findValuesAsText("state")).containsOnly("repaired");
    }

    private static String checkout(Customer customer, String plan) {
        String console = Stack.running().publicUrl() + "/console/";
        return customer.api()
                .post(
                        "/api/v1/checkout",
                        Map.of("plan", plan, "provider", "stripe", "success_url", console, "cancel_url", console))
                .expect(201)
                .text("url");
    }

    private static Customer subscriber(String organization) {
        Customer customer = Customer.signUp(organization);
        Simulators.payOnPage(checkout(customer, "starter"));
        Eventually.passes(SOON, () -> assertThat(
                        customer.api().get("/api/v1/subscription").expect(200).text("plan"))
                .isEqualTo("starter"));
        return customer;
    }

    private static void profile(Customer customer, String name) {
        Map<String, Object> address = Map.of("line1", "12 MG Road", "city", "Bengaluru", "state", "KA");
        customer.api()
                .put(
                        "/api/v1/billing-profile",
                        Map.of("name", name, "address", address, "country", "IN", "email", customer.email()))
                .expect(200);
    }

    private static String text(byte[] pdf) {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyCreditIsAccountedForAndStaffChangeThemByFourEyesOnly() {
        Customer customer = Customer.signUp();
        Api first = Api.platformAdmin();
        Api second = Api.login(KeycloakAdmin.newPlatformAdmin("second-pair-of-eyes-1"), "second-pair-of-eyes-1");
        String conversation = customer.conversation("concierge");
        Answer reply = customer.say(conversation, "hello").expect(201);
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
        assertThat(used.at("/usage/conversation_id").asText()).isEqualTo(conversation);
        assertThat(used.at("/usage/lines").findValuesAsText("meter"))
                .contains("message", "llm.input_tokens", "llm.output_tokens");
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

        assertThat(kinds(reconciled(first, customer))).isEmpty();
        assertThat(customer.api()
                        .get("/api/v1/credits/history/verification")
                        .expect(200)
                        .at("intact")
                        .asBoolean())
                .isTrue();
        String csv = customer.api()
                .with("Accept", "text/csv")
                .get("/api/v1/usage")
                .expect(200)
                .raw();
        assertThat(csv.lines().skip(1)).hasSize(3).allMatch(line -> line.contains(operation));
    }

    @Test
    void theBalanceIsPushedAfterEachMessageAndItsEndIsMailed() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(40));
        balance(customer, 40);
        String conversation = customer.conversation("concierge");
        Mailbox mails = new Mailbox(customer.email());
        try (LiveStream stream = new LiveStream(customer.api())) {
            for (int i = 1; i <= 40; i++) {
                customer.say(conversation, "again").expect(201);
                if (i == 31) {
                    assertThat(mails.subjects()).doesNotContain("80 % of your Parley credits are used");
                }
            }
            customer.say(conversation, "once more").expect(402);

            Eventually.passes(
                    SOON, () -> assertThat(stream.of("credits.changed")).hasSize(40));
            List<LiveStream.Heard> changes = stream.of("credits.changed");
            for (int i = 0; i < 40; i++) {
                JsonNode data = changes.get(i).data();
                assertThat(data.path("credits").asLong()).isEqualTo(1);
                assertThat(data.path("granted").asLong()).isEqualTo(40);
                assertThat(data.path("held").asLong()).isZero();
            }
            assertThat(changes.getLast().data().path("remaining").asLong()).isZero();
            assertThat(changes.stream().map(one -> Duration.between(one.at(), one.came())))
                    .allMatch(took -> took.compareTo(Duration.ofSeconds(10)) <= 0);
        }
        Eventually.passes(SOON, () -> assertThat(mails.subjects())
                .containsOnlyOnce("80 % of your Parley credits are used")
                .containsOnlyOnce("Your Parley credits are used up"));
    }

    @Test
    void aPaymentComesWithAnInvoiceOfOurOwn() {
        Customer customer = Customer.signUp("Lovelace & Söhne");
        profile(customer, "Lovelace & Söhne");
        Simulators.payOnPage(checkout(customer, "starter"));

        String id = Eventually.within(SOON, () -> {
            JsonNode invoice =
                    customer.api().get("/api/v1/invoices").expect(200).at("/items/0");
            assertThat(invoice.path("status").asText()).isEqualTo("paid");
            return invoice.path("id").asText();
        });
        Answer invoice = customer.api().get("/api/v1/invoices/" + id).expect(200);
        assertThat(invoice.text("number")).matches("[0-9A-Z]{6}/\\d\\d/000001");
        assertThat(invoice.at("net").asLong()).isEqualTo(423_644);
        assertThat(invoice.at("taxes").findValuesAsText("name")).containsExactly("CGST", "SGST");
        assertThat(invoice.at("taxes").findValues("amount"))
                .extracting(JsonNode::asLong)
                .containsExactly(38_128L, 38_128L);
        byte[] pdf = customer.api().with("Accept", "application/pdf").download("/api/v1/invoices/" + id);
        byte[] mailed = new Mailbox(customer.email()).attachment("Your receipt from Parley: ₹4,999.00");

        for (byte[] each : List.of(pdf, mailed)) {
            assertThat(text(each))
                    .contains("Tax invoice", invoice.text("number"), "Lovelace & Söhne", "GSTIN 29AAAAA0000A1ZY")
                    .contains("998315", "Net ₹4,236.44", "CGST 9 % ₹381.28", "SGST 9 % ₹381.28", "Total ₹4,999.00");
        }

        Api.platformAdmin()
                .post(
                        "/api/v1/admin/tenants/" + customer.tenantId() + "/payment-refunds",
                        Map.of("invoice_id", id, "reason", "did not like it"))
                .expect(201);
        String note = Eventually.within(Duration.ofSeconds(30), () -> {
            JsonNode newest = customer.api().get("/api/v1/invoices").expect(200).at("/items/0");
            assertThat(newest.path("kind").asText()).isEqualTo("credit_note");
            return newest.path("id").asText();
        });
        Answer credited = customer.api().get("/api/v1/invoices/" + note).expect(200);
        assertThat(credited.text("number")).matches("[0-9A-Z]{6}/C\\d\\d/00001");
        assertThat(credited.at("/corrects/number").asText()).isEqualTo(invoice.text("number"));
        assertThat(credited.at("taxes")).isEqualTo(invoice.at("taxes"));
        assertThat(credited.at("net").asLong()).isEqualTo(423_644);
        assertThat(text(new Mailbox(customer.email()).attachment("Your credit note from Parley: ₹4,999.00")))
                .contains("Credit note", credited.text("number"), invoice.text("number"), "Total ₹4,999.00");
    }

    @Test
    void theRevenueReportIsExact() {
        Customer leaving = subscriber("Leaving");
        // The provider tells times in seconds.
        Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        Eventually.passes(SOON, () -> assertThat(Instant.now()).isAfter(from));
        Api staff = Api.platformAdmin();
        Customer staying = subscriber("Staying");
        Customer trying = Customer.signUp("Trying");
        leaving.api()
                .post("/api/v1/subscription/cancellation", Map.of("at", "now"))
                .expect(200);
        long staysCost = cost(staying);
        long triesCost = cost(trying);

        Answer report = Eventually.within(SOON, () -> {
            Answer now = staff.get("/api/v1/admin/revenue?from=" + from).expect(200);
            assertThat(now.at("/cost/runs").asLong()).isEqualTo(2);
            assertThat(now.at("/credits/usage").asLong()).isPositive();
            assertThat(now.at("/churned").asLong()).isEqualTo(1);
            assertThat(now.at("/margins/negative").findValuesAsText("tenant_id"))
                    .contains(trying.tenantId());
            return now;
        });
        assertThat(rupees(report, "mrr") - rupees(report, "mrr_before"))
                .as("one left, one came")
                .isZero();
        assertThat(report.at("/paid/0/total/amount").asLong()).isEqualTo(STARTER);
        assertThat(report.at("/paid/0/invoices").asLong()).isEqualTo(1);
        assertThat(report.at("/trials/started").asLong()).isEqualTo(2);
        assertThat(report.at("/trials/converted").asLong()).isEqualTo(1);
        assertThat(report.at("/trials/rate").asLong()).isEqualTo(5_000);
        long customers = report.at("/churn/customers").asLong();
        assertThat(customers).isPositive();
        assertThat(report.at("/churn/lost").asLong()).isEqualTo(1);
        assertThat(report.at("/churn/rate").asLong()).isEqualTo(Math.round(10_000.0 / customers));
        assertThat(report.at("/churn/mrr/0/amount").asLong()).isEqualTo(STARTER);
        assertThat(report.at("/cost/total/amount").asLong()).isEqualTo(rounded(staysCost + triesCost));
        assertThat(report.at("/cost/unpriced_runs").asLong()).isZero();
        assertThat(report.at("/margins/negative")).hasSize(1);
        assertThat(report.at("/margins/negative/0/margin/amount").asLong())
                .as("a trial earns nothing")
                .isEqualTo(-rounded(triesCost));
    }

    private static long rupees(Answer report, String list) {
        for (JsonNode money : report.at(list)) {
            if (money.path("currency").asText().equals("INR")) {
                return money.path("amount").asLong();
            }
        }
        return 0;
    }

    /** Says something, and answers what the model behind it cost, in millionths of a paisa. */
    private static long cost(Customer customer) {
        Answer reply =
                customer.say(customer.conversation("concierge"), "hello there").expect(201);
        return reply.at("/usage/input_tokens").asLong() * INPUT_PRICE
                + reply.at("/usage/output_tokens").asLong() * OUTPUT_PRICE;
    }

    private static long rounded(long millionths) {
        return (millionths + 500_000) / 1_000_000;
    }

    @Test
    void whatTheProviderHasAndWeDoNotIsFoundAndOneClickRepairsIt() {
        Api staff = Api.platformAdmin();
        Customer customer = Customer.signUp("Unheard");
        balance(customer, 1_000);
        Simulators.api().put("/_control/faults/stripe-webhooks", Map.of("delay_ms", 600_000));
        String url = checkout(customer, "starter");
        new Checker()
                .update(
                        "parley_billing",
                        "update app.checkout set next_check_at = null where tenant_id = '" + customer.tenantId() + "'");
        Simulators.payOnPage(url);

        JsonNode report = reconciled(staff, customer);
        assertThat(kinds(report)).containsExactly("SUBSCRIPTION_UNHEARD");
        repair(staff, report);
        balance(customer, 49_990);
        assertThat(customer.api().get("/api/v1/invoices").expect(200).at("items"))
                .hasSize(1);
        assertThat(kinds(reconciled(staff, customer))).isEmpty();

        customer.say(customer.conversation("concierge"), "hello").expect(201);
        Eventually.passes(SOON, () -> assertThat(customer.api()
                        .get("/api/v1/credits/history")
                        .expect(200)
                        .text("/items/0/kind"))
                .isEqualTo("usage"));
        new Checker()
                .update(
                        "parley_billing",
                        "delete from app.ledger_transfer where kind = 'usage' and tenant_id = '" + customer.tenantId()
                                + "'");
        JsonNode tampered = reconciled(staff, customer);
        assertThat(kinds(tampered)).containsExactly("NOT_BOOKED");
        repair(staff, tampered);
        assertThat(kinds(reconciled(staff, customer))).isEmpty();
        new Checker().tenantIsConsistent(customer.tenantId());
    }

    @Test
    void aTenantBillsItsOwnCustomersAndRemindsWhoDoesNotPay() {
        Customer customer = Customer.signUp("Boilers & Co");
        Api owner = customer.api();
        profile(customer, "Boilers & Co");
        String to = "debtor-" + customer.tenantId() + "@example.com";
        List<String> numbers = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            String id = owner.post("/api/v1/customer-invoices", """
                                    {"customer":{"name":"Debtor","email":"%s"},"currency":"INR","due_on":"%s",
                                     "lines":[{"description":"Repair","quantity":2,"unit_amount":50000,
                                               "tax_basis_points":1800}]}
                                    """.formatted(to, LocalDate.now(ZoneOffset.UTC)))
                    .expect(201)
                    .text("id");
            Answer issued =
                    owner.post("/api/v1/customer-invoices/" + id + "/issue").expect(200);
            assertThat(issued.at("/total/amount").asLong()).isEqualTo(118_000);
            owner.post("/api/v1/customer-invoices/" + id + "/sending", Map.of()).expect(202);
            ids.add(id);
            numbers.add(issued.text("number"));
            if (i == 0) {
                owner.post("/api/v1/customer-invoices/" + id + "/payment", Map.of())
                        .expect(200);
            }
        }
        assertThat(numbers).extracting(number -> number.substring(5)).containsExactly("00001", "00002");
        new Checker()
                .update(
                        "parley_billing",
                        "update app.customer_invoice set reminder_at = now() where reminder_at is not null and tenant_id = '"
                                + customer.tenantId() + "'");
        Mailbox mails = new Mailbox(to);
        assertThat(text(mails.attachment("Invoice " + numbers.getFirst() + " from Boilers & Co")))
                .contains("Boilers & Co", numbers.getFirst(), "Repair", "2 × ₹500.00", "₹1,180.00");
        assertThat(text(mails.attachment("Reminder: invoice " + numbers.getLast() + " from Boilers & Co")))
                .contains(numbers.getLast());
        assertThat(mails.subjects())
                .as("who has paid is not reminded")
                .doesNotContain("Reminder: invoice " + numbers.getFirst() + " from Boilers & Co");
        assertThat(owner.get("/api/v1/customer-invoices?status=paid")
                        .expect(200)
                        .at("items")
                        .findValuesAsText("id"))
                .containsExactly(ids.getFirst());
    }
}
