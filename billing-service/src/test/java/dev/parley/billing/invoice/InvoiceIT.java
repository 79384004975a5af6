package dev.parley.billing.invoice;

import static dev.parley.billing.Billing.as;
import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.created;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.newTenant;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.status;
import static dev.parley.billing.Billing.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.money.Money;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.plan.BillingInterval;
import dev.parley.billing.plan.Overage;
import dev.parley.billing.plan.OverageMode;
import dev.parley.billing.plan.Plan;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.SmtpServer;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class InvoiceIT {
    private static final String PROFILE = """
            {"name":"नमन & Söhne <Ltd>","address":{"line1":"12 MG Road","city":"Bengaluru","state":"KA",
             "postal_code":"560001"},"country":"IN","gstin":"29BBBBB1111B1ZJ","email":"%s"}
            """;
    private static final Plan PLAN = new Plan(
            "race",
            1,
            "Race",
            new Money(100, "INR"),
            BillingInterval.MONTH,
            1,
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            new Overage(OverageMode.BLOCK, null),
            0);

    @Inject
    Database database;

    @Inject
    InvoiceService invoices;

    @Inject
    ReceiptJob receipts;

    @BeforeEach
    void publish() {
        if (count("select count(*) from app.plan where code = 'invoiced'") == 0) {
            plan("invoiced", 499_900, 50, 0);
        }
    }

    private static String invoiceOf(TenantId tenant) {
        return owner(tenant)
                .get("/api/v1/invoices")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .extract()
                .path("items[0].id");
    }

    private static String read(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document);
        }
    }

    @Test
    void aPaidPeriodIsInvoicedWithTaxesPrintedAndSent() throws IOException {
        TenantId tenant = newTenant();
        String address = "books-" + tenant + "@example.test";
        owner(tenant).get("/api/v1/billing-profile").then().statusCode(404);
        owner(tenant)
                .body(PROFILE.formatted(address))
                .put("/api/v1/billing-profile")
                .then()
                .statusCode(200)
                .body("address.postal_code", equalTo("560001"));
        paid(tenant, "invoiced", Instant.parse("2031-03-01T00:00:00Z"));
        String id = invoiceOf(tenant);

        String number = owner(tenant)
                .get("/api/v1/invoices/" + id)
                .then()
                .statusCode(200)
                .body("number", matchesPattern("[0-9A-Z]{6}/31/000001"))
                .body("total.amount", equalTo(499_900))
                .body("status", equalTo("paid"))
                .body("seller.gstin", equalTo("29AAAAA0000A1ZY"))
                .body("buyer.gstin", equalTo("29BBBBB1111B1ZJ"))
                .body("net", equalTo(423_644))
                .body("taxes", hasSize(2))
                .body("taxes[0].name", equalTo("CGST"))
                .body("taxes[0].basis_points", equalTo(900))
                .body("taxes[1].amount", equalTo(38_128))
                .body("lines[0].hsn", equalTo("998315"))
                .body("place_of_supply", equalTo("29"))
                .extract()
                .path("number");
        byte[] pdf = owner(tenant)
                .header("Accept", "application/pdf")
                .get("/api/v1/invoices/" + id)
                .then()
                .statusCode(200)
                .contentType("application/pdf")
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"parley-invoice-" + number.replace('/', '-') + ".pdf\"")
                .extract()
                .asByteArray();
        assertThat(read(pdf))
                .contains("Tax invoice", number, "नमन & Söhne <Ltd>", "GSTIN 29BBBBB1111B1ZJ", "998315")
                .contains("₹4,236.44", "CGST 9 %", "₹381.28", "Total", "₹4,999.00", "1 March 2031");

        // What changes afterwards is for invoices to come.
        owner(tenant)
                .body(PROFILE.formatted(address).replace("Söhne", "Töchter"))
                .put("/api/v1/billing-profile")
                .then()
                .statusCode(200);
        owner(tenant).get("/api/v1/invoices/" + id).then().body("buyer.name", equalTo("नमन & Söhne <Ltd>"));

        receipts.send();
        receipts.send();
        eventually(() -> assertThat(SmtpServer.shared().to(address)).hasSize(1));
        assertThat(SmtpServer.shared().to(address).getFirst().message())
                .contains("filename=parley-invoice-" + number.replace('/', '-') + ".pdf")
                .contains("application/pdf");
        owner(tenant)
                .body("{}")
                .post("/api/v1/invoices/" + id + "/sending")
                .then()
                .statusCode(202);
        eventually(() -> assertThat(SmtpServer.shared().to(address)).hasSize(2));
        for (int i = 0; i < 3; i++) {
            owner(tenant)
                    .body("{}")
                    .post("/api/v1/invoices/" + id + "/sending")
                    .then()
                    .statusCode(202);
        }
        owner(tenant)
                .body("{}")
                .post("/api/v1/invoices/" + id + "/sending")
                .then()
                .statusCode(429);
        as(TestTokens.member(tenant, "member"))
                .body("{}")
                .post("/api/v1/invoices/" + id + "/sending")
                .then()
                .statusCode(403);
        owner(newTenant())
                .header("Accept", "application/pdf")
                .get("/api/v1/invoices/" + id)
                .then()
                .statusCode(404);
        eventually(() -> assertThat(Events.of("platform.audit.events", tenant))
                .extracting(event -> event.data().get("action").asText())
                .contains("billing-profile.change", "invoice.send"));
    }

    @Test
    void withoutAProfileItIsMadeOutToTheOwner() throws IOException {
        TenantId tenant = newTenant();
        created(tenant);
        eventually(() -> assertThat(status(tenant)).isEqualTo("trial"));
        paid(tenant, "invoiced", Instant.parse("2031-04-01T00:00:00Z"));
        String id = invoiceOf(tenant);

        owner(tenant)
                .get("/api/v1/invoices/" + id)
                .then()
                .body("buyer.email", equalTo("o@example.com"))
                .body("buyer.country", nullValue())
                .body("taxes[0].name", equalTo("CGST"));
        byte[] pdf = owner(tenant)
                .header("Accept", "application/pdf")
                .get("/api/v1/invoices/" + id)
                .asByteArray();
        assertThat(read(pdf)).contains("₹4,999.00");
    }

    @Test
    void numbersHaveNoGapsWhoeverIssuesAndWhateverFails() throws Exception {
        TenantId tenant = newTenant();
        List<Future<Boolean>> issued = new ArrayList<>();
        try (ExecutorService hands = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 120; i++) {
                int n = i;
                issued.add(hands.submit(() -> issue(tenant, n)));
            }
        }
        long expected = 0;
        for (Future<Boolean> one : issued) {
            expected += one.get() ? 1 : 0;
        }

        assertThat(expected).isEqualTo(80);
        for (int year : List.of(2031, 2032)) {
            assertThat(text("select count(*) || ' ' || min(number_seq) || ' ' || max(number_seq) || ' '"
                            + " || count(distinct own_number) from app.invoice where tenant_id = '" + tenant
                            + "' and number_year = " + year))
                    .isEqualTo("40 1 40 40");
        }
    }

    /** Every third fails after its number was taken; every other one is of the next year. */
    private boolean issue(TenantId tenant, int n) {
        Instant at = Instant.parse(n % 2 == 0 ? "2031-05-01T00:00:00Z" : "2032-05-01T00:00:00Z");
        ProviderInvoice invoice = new ProviderInvoice(
                "in_race_" + tenant + n,
                null,
                "open",
                ProviderInvoice.Kind.PERIOD,
                new Money(100 + n, "INR"),
                "sub",
                null,
                at,
                at.plus(Duration.ofDays(30)),
                at,
                null);
        try {
            database.useTenant(tenant, handle -> {
                invoices.store(handle, tenant, "stripe", invoice, PLAN, 1);
                if (n % 3 == 0) {
                    throw new IllegalArgumentException("after the number was taken");
                }
            });
            return true;
        } catch (IllegalArgumentException rolledBack) {
            return false;
        }
    }

    @Test
    void aDraftAndAnInvoiceOverNothingHaveNoNumber() {
        TenantId tenant = newTenant();
        Instant at = Instant.parse("2031-06-01T00:00:00Z");
        for (Map.Entry<String, Long> one : Map.of("draft", 500L, "paid", 0L).entrySet()) {
            ProviderInvoice invoice = new ProviderInvoice(
                    "in_" + one.getKey() + tenant,
                    null,
                    one.getKey(),
                    ProviderInvoice.Kind.PERIOD,
                    new Money(one.getValue(), "INR"),
                    "sub",
                    null,
                    at,
                    at,
                    at,
                    null);
            database.useTenant(tenant, handle -> invoices.store(handle, tenant, "stripe", invoice, PLAN, 1));
        }

        assertThat(count("select count(*) from app.invoice where own_number is null and tenant_id = '" + tenant + "'"))
                .isEqualTo(2);
        UUID draft = UUID.fromString(
                text("select id from app.invoice where status = 'draft' and tenant_id = '" + tenant + "'"));
        owner(tenant)
                .header("Accept", "application/pdf")
                .get("/api/v1/invoices/" + draft)
                .then()
                .statusCode(409)
                .body("code", equalTo("INVOICE_NOT_ISSUED"));
    }

    @Test
    void aProfileWithWrongNumbersIsRefusedByTheirPlace() {
        TenantId tenant = newTenant();
        String address = "x@example.test";
        for (Map.Entry<String, String> wrong : Map.of(
                        PROFILE.formatted(address).replace("1ZJ", "1ZK"), "/gstin",
                        PROFILE.formatted(address).replace("\"IN\"", "\"US\""), "/gstin",
                        PROFILE.formatted(address).replace("\"KA\"", "\"Kanada\""), "/address/state")
                .entrySet()) {
            owner(tenant)
                    .body(wrong.getKey())
                    .put("/api/v1/billing-profile")
                    .then()
                    .statusCode(422)
                    .body("errors[0].pointer", equalTo(wrong.getValue()));
        }
        owner(tenant)
                .body("""
                        {"name":"B","address":{"line1":"1","city":"Paris"},"country":"FR","vat_id":"FR 12","email":"b@example.com"}
                        """)
                .put("/api/v1/billing-profile")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/vat_id"));
        as(TestTokens.member(tenant, "member"))
                .body(PROFILE.formatted(address))
                .put("/api/v1/billing-profile")
                .then()
                .statusCode(403);
        as(TestTokens.apiKey(tenant, "read", "write"))
                .get("/api/v1/billing-profile")
                .then()
                .statusCode(403);
    }
}
