package dev.parley.billing.invoice;

import static dev.parley.billing.Billing.as;
import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.created;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.newTenant;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.status;
import static dev.parley.billing.Billing.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.StripeStub;
import dev.parley.billing.lifecycle.SweepForTests;
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
import java.time.temporal.ChronoUnit;
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

    @Inject
    SweepForTests sweeper;

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

        eventually(() -> {
            // Others' receipts may be due before it.
            receipts.send();
            assertThat(SmtpServer.shared().to(address)).hasSize(1);
        });
        receipts.send();
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

    @Test
    void aRefundIsDocumentedByACreditNoteWithItsShareOfTheTaxes() throws IOException {
        TenantId tenant = newTenant();
        String address = "credited-" + tenant + "@example.test";
        owner(tenant)
                .body(PROFILE.formatted(address))
                .put("/api/v1/billing-profile")
                .then()
                .statusCode(200);
        paid(tenant, "invoiced", Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60));
        String invoice = invoiceOf(tenant);
        String invoiced = owner(tenant).get("/api/v1/invoices/" + invoice).path("number");
        staff().body("{\"invoice_id\":\"" + invoice + "\",\"reason\":\"asked for\"}")
                .post("/api/v1/admin/tenants/" + tenant + "/payment-refunds")
                .then()
                .statusCode(201);
        String lot = text("select id from app.credit_lot where source = 'plan' and tenant_id = '" + tenant + "'");
        Events.publish(
                "policy.usage.events",
                "policy.lot-closed.v1",
                tenant,
                "{\"lot_id\":\"%s\",\"unspent\":25}".formatted(lot));
        String refund = "from app.payment_refund where tenant_id = '" + tenant + "'";
        eventually(() -> assertThat(text("select status " + refund)).isEqualTo("unknown"));
        assertThat(count("select count(*) from app.credit_note where tenant_id = '" + tenant + "'"))
                .isZero();
        sweeper.sweep();
        sweeper.sweep();

        String note = owner(tenant)
                .get("/api/v1/invoices")
                .then()
                .statusCode(200)
                .body("items.kind", contains("credit_note", "invoice"))
                .body("items[0].status", equalTo("issued"))
                .body("items[0].total.amount", equalTo(249_950))
                .extract()
                .path("items[0].id");
        String number = owner(tenant)
                .get("/api/v1/invoices/" + note)
                .then()
                .statusCode(200)
                .body("kind", equalTo("credit_note"))
                .body("number", matchesPattern(invoiced.substring(0, 6) + "/C\\d\\d/00001"))
                .body("corrects.id", equalTo(invoice))
                .body("corrects.number", equalTo(invoiced))
                .body("buyer.gstin", equalTo("29BBBBB1111B1ZJ"))
                .body("net", equalTo(211_822))
                .body("taxes.name", contains("CGST", "SGST"))
                .body("taxes.amount", contains(19_064, 19_064))
                .body("lines[0].description", equalTo("Refund of Parley Plan invoiced"))
                .extract()
                .path("number");
        byte[] pdf = owner(tenant)
                .header("Accept", "application/pdf")
                .get("/api/v1/invoices/" + note)
                .then()
                .statusCode(200)
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"parley-credit-note-" + number.replace('/', '-') + ".pdf\"")
                .extract()
                .asByteArray();
        assertThat(read(pdf))
                .contains("Credit note", number, "Corrects invoice", invoiced, "₹2,118.22", "₹190.64", "₹2,499.50")
                .doesNotContain("Tax invoice");
        eventually(() -> {
            receipts.send();
            assertThat(SmtpServer.shared().to(address)).hasSize(2);
        });
        assertThat(SmtpServer.shared().to(address))
                .filteredOn(mail -> mail.message().contains("parley-credit-note-" + number.replace('/', '-') + ".pdf"))
                .hasSize(1);

        // The bank does not take it: the number stays, and the customer hears of it.
        sql("update app.payment_refund set next_check_at = now() where tenant_id = '" + tenant + "'");
        StripeStub.shared().set(text("select provider_refund_id " + refund), "status", "failed");
        sweeper.sweep();
        owner(tenant).get("/api/v1/invoices/" + note).then().body("status", equalTo("void"));
        receipts.send();
        eventually(() -> assertThat(SmtpServer.shared().to(address)).hasSize(3));
        assertThat(read(owner(tenant)
                        .header("Accept", "application/pdf")
                        .get("/api/v1/invoices/" + note)
                        .asByteArray()))
                .contains("Void");
        owner(newTenant()).get("/api/v1/invoices/" + note).then().statusCode(404);
    }

    @Test
    void creditNotesHaveNumbersOfTheirOwnWithoutGapsAndGiveNoMoreBackThanWasInvoiced() throws Exception {
        TenantId tenant = newTenant();
        issue(tenant, 1);
        issue(tenant, 2);
        List<UUID> invoiced = List.of(
                UUID.fromString(text("select id from app.invoice where amount = 101 and tenant_id = '" + tenant + "'")),
                UUID.fromString(
                        text("select id from app.invoice where amount = 102 and tenant_id = '" + tenant + "'")));
        List<Future<Boolean>> issued = new ArrayList<>();
        try (ExecutorService hands = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 60; i++) {
                int n = i;
                issued.add(hands.submit(() -> credit(tenant, invoiced.get(n % 2), n % 3 == 0)));
            }
        }
        long made = 0;
        for (Future<Boolean> one : issued) {
            made += one.get() ? 1 : 0;
        }

        assertThat(made).isEqualTo(40);
        String notes = " from app.credit_note where tenant_id = '" + tenant + "'";
        assertThat(text("select count(*) || ' ' || min(number_seq) || ' ' || max(number_seq) || ' '"
                        + " || count(distinct number)" + notes))
                .isEqualTo("40 1 40 40");
        for (UUID invoice : invoiced) {
            database.useTenant(tenant, handle -> invoices.credit(handle, tenant, invoice, UUID.randomUUID(), 1_000));
        }
        assertThat(text("select sum(amount) || ' ' || sum(net) || ' ' || count(*)" + notes))
                .isEqualTo(text("select sum(amount) || ' ' || sum(net) || ' 42' from app.invoice where tenant_id = '"
                        + tenant + "'"));
        database.useTenant(
                tenant, handle -> invoices.credit(handle, tenant, invoiced.getFirst(), UUID.randomUUID(), 1));
        assertThat(count("select count(*)" + notes)).isEqualTo(42);
        sql("update app.credit_note set mail_due_at = null where tenant_id = '" + tenant + "'");
    }

    private boolean credit(TenantId tenant, UUID invoice, boolean failing) {
        try {
            database.useTenant(tenant, handle -> {
                invoices.credit(handle, tenant, invoice, UUID.randomUUID(), 2);
                if (failing) {
                    throw new IllegalArgumentException("after the number was taken");
                }
            });
            return true;
        } catch (IllegalArgumentException rolledBack) {
            return false;
        }
    }
}
