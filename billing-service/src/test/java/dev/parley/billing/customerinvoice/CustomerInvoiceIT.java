package dev.parley.billing.customerinvoice;

import static dev.parley.billing.Billing.as;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.newTenant;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.SmtpServer;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class CustomerInvoiceIT {
    private static final String PATH = "/api/v1/customer-invoices";
    private static final String YEAR =
            String.valueOf(LocalDate.now(ZoneOffset.UTC).getYear());

    @Inject
    ReminderJob reminders;

    private static TenantId seller() {
        TenantId tenant = newTenant();
        owner(tenant).body("""
                        {"name":"Fix & Co","address":{"line1":"1","city":"Pune","state":"MH"},"country":"IN",
                         "email":"shop@example.test"}
                        """).put("/api/v1/billing-profile").then().statusCode(200);
        return tenant;
    }

    private static Response draft(TenantId tenant, String email) {
        return owner(tenant).body("""
                        {"customer":{"name":"Ünal","email":"%s"},"currency":"INR","due_on":"2031-01-10",
                         "lines":[{"description":"Boiler repair","quantity":2,"unit_amount":150000,"tax_basis_points":1800},
                                  {"description":"Travel","quantity":1,"unit_amount":9999}]}
                        """.formatted(email)).post(PATH);
    }

    private static String issued(TenantId tenant, String email) {
        String id = draft(tenant, email).then().statusCode(201).extract().path("id");
        owner(tenant).post(PATH + "/" + id + "/issue").then().statusCode(200);
        return id;
    }

    @Test
    void aDraftIsChangedIssuedSentAndPaid() throws IOException {
        TenantId tenant = newTenant();
        String to = "kunde-" + tenant + "@example.test";
        String id = draft(tenant, to)
                .then()
                .statusCode(201)
                .body("status", equalTo("draft"))
                .body("number", nullValue())
                .body("net.amount", equalTo(309_999))
                .body("tax.amount", equalTo(54_000))
                .body("total.amount", equalTo(363_999))
                .extract()
                .path("id");
        owner(tenant).post(PATH + "/" + id + "/issue").then().statusCode(409).body("code", equalTo("SELLER_UNKNOWN"));
        owner(tenant)
                .header("Accept", "application/pdf")
                .get(PATH + "/" + id)
                .then()
                .statusCode(409);
        owner(tenant).body("{}").post(PATH + "/" + id + "/payment").then().statusCode(409);
        owner(tenant)
                .body("{\"note\":\"Thank you\",\"due_on\":\"2031-02-01\"}")
                .patch(PATH + "/" + id)
                .then()
                .statusCode(200)
                .body("note", equalTo("Thank you"))
                .body("total.amount", equalTo(363_999));
        owner(tenant).body("""
                        {"name":"Fix & Co","address":{"line1":"1","city":"Pune","state":"MH"},"country":"IN",
                         "email":"shop@example.test"}
                        """).put("/api/v1/billing-profile").then().statusCode(200);

        for (int i = 0; i < 2; i++) {
            owner(tenant)
                    .post(PATH + "/" + id + "/issue")
                    .then()
                    .statusCode(200)
                    .body("number", equalTo(YEAR + "-00001"))
                    .body("seller.name", equalTo("Fix & Co"))
                    .body("next_reminder_at", equalTo("2031-02-03T00:00:00Z"));
        }
        owner(tenant)
                .body("{\"note\":\"no\"}")
                .patch(PATH + "/" + id)
                .then()
                .statusCode(409)
                .body("code", equalTo("CUSTOMER_INVOICE_ISSUED"));
        byte[] pdf = owner(tenant)
                .header("Accept", "application/pdf")
                .get(PATH + "/" + id)
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        try (PDDocument document = Loader.loadPDF(pdf)) {
            assertThat(new PDFTextStripper().getText(document))
                    .contains("Fix & Co", "Ünal", "Boiler repair", "2 × ₹1,500.00", "18 % ₹540.00", "₹3,639.99")
                    .contains("Thank you", "1 February 2031");
        }
        owner(tenant).body("{}").post(PATH + "/" + id + "/sending").then().statusCode(202);
        eventually(() -> assertThat(SmtpServer.shared().to(to)).hasSize(1));
        assertThat(SmtpServer.shared().to(to).getFirst().message()).contains("invoice-" + YEAR + "-00001.pdf");

        for (int i = 0; i < 2; i++) {
            owner(tenant)
                    .body("{\"paid_at\":\"2031-01-20T10:00:00Z\"}")
                    .post(PATH + "/" + id + "/payment")
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("paid"))
                    .body("paid_at", equalTo("2031-01-20T10:00:00Z"))
                    .body("next_reminder_at", nullValue());
        }
        owner(tenant).delete(PATH + "/" + id).then().statusCode(409);
        owner(newTenant()).get(PATH + "/" + id).then().statusCode(404);
        as(TestTokens.member(tenant, "member")).get(PATH).then().statusCode(200).body("items", hasSize(1));
        as(TestTokens.member(tenant, "member")).body("{}").post(PATH).then().statusCode(403);
        eventually(() -> assertThat(Events.of("platform.audit.events", tenant))
                .extracting(event -> event.data().get("action").asText())
                .containsSubsequence(
                        "customer-invoice.create",
                        "customer-invoice.change",
                        "customer-invoice.issue",
                        "customer-invoice.send",
                        "customer-invoice.pay"));
    }

    @Test
    void remindersComeInTheirTimeUntilItIsPaidAndThreeAtMost() {
        TenantId tenant = seller();
        String late = "late-" + tenant + "@example.test";
        String prompt = "prompt-" + tenant + "@example.test";
        String lateId = issued(tenant, late);
        String promptId = issued(tenant, prompt);
        sql("update app.customer_invoice set due_on = current_date - 100, reminder_at = now() - interval '1 minute'"
                + " where tenant_id = '" + tenant + "'");
        owner(tenant).body("{}").post(PATH + "/" + promptId + "/payment").then().statusCode(200);

        for (int i = 0; i < 5; i++) {
            reminders.remind();
            // A reminder that was late is followed by the next one a day after, not at once.
            assertThat(text("select coalesce(min(reminder_at) > now() + interval '23 hours', true) from"
                            + " app.customer_invoice where tenant_id = '" + tenant + "'"))
                    .isEqualTo("t");
            sql("update app.customer_invoice set reminder_at = now() - interval '1 minute'"
                    + " where reminder_at is not null and tenant_id = '" + tenant + "'");
        }

        eventually(() -> assertThat(SmtpServer.shared().to(late)).hasSize(3));
        assertThat(SmtpServer.shared().to(late).getFirst().message()).contains("Reminder: invoice");
        assertThat(SmtpServer.shared().to(prompt)).isEmpty();
        owner(tenant)
                .get(PATH + "/" + lateId)
                .then()
                .body("reminders_sent", equalTo(3))
                .body("next_reminder_at", nullValue());
    }

    @Test
    void numbersHaveNoGapsAndAVoidInvoiceKeepsItsOwn() throws Exception {
        TenantId tenant = seller();
        List<String> drafts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            drafts.add(draft(tenant, "x@example.test").path("id"));
        }
        String deleted = drafts.removeFirst();
        owner(tenant).delete(PATH + "/" + deleted).then().statusCode(204);
        owner(tenant).get(PATH + "/" + deleted).then().statusCode(404);
        try (ExecutorService hands = Executors.newFixedThreadPool(6)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (String id : drafts) {
                answers.add(hands.submit(
                        () -> owner(tenant).post(PATH + "/" + id + "/issue").statusCode()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }
        owner(tenant).delete(PATH + "/" + drafts.getFirst()).then().statusCode(204);

        assertThat(text("select count(*) || ' ' || min(number_seq) || ' ' || max(number_seq) from app.customer_invoice"
                        + " where tenant_id = '" + tenant + "'"))
                .isEqualTo("19 1 19");
        owner(tenant).get(PATH + "/" + drafts.getFirst()).then().body("status", equalTo("void"));
    }

    @Test
    void whatCannotBeAnInvoiceIsRefused() {
        TenantId tenant = newTenant();
        for (String wrong : List.of(
                "{\"customer\":{\"name\":\"A\",\"email\":\"no\"},\"currency\":\"INR\",\"lines\":[{\"description\":\"x\",\"quantity\":1,\"unit_amount\":1}]}",
                "{\"customer\":{\"name\":\"A\",\"email\":\"a@b.co\"},\"currency\":\"XXQ\",\"lines\":[{\"description\":\"x\",\"quantity\":1,\"unit_amount\":1}]}",
                "{\"customer\":{\"name\":\"A\",\"email\":\"a@b.co\"},\"currency\":\"INR\",\"lines\":[]}",
                "{\"customer\":{\"name\":\"A\",\"email\":\"a@b.co\"},\"currency\":\"INR\",\"lines\":[{\"description\":\"x\",\"quantity\":0,\"unit_amount\":1}]}",
                "{\"customer\":{\"name\":\"A\",\"email\":\"a@b.co\"},\"currency\":\"INR\",\"lines\":[{\"description\":\"x\",\"quantity\":1000000,\"unit_amount\":1000000000000,\"tax_basis_points\":10000}]}")) {
            owner(tenant).body(wrong).post(PATH).then().statusCode(422);
        }
        owner(tenant)
                .body(
                        "{\"customer\":{\"name\":\"A\",\"email\":\"a@b.co\"},\"currency\":\"INR\",\"total\":1,\"lines\":[]}")
                .post(PATH)
                .then()
                .statusCode(400);
    }

    @Test
    void nobodyIsRemindedMoreOftenThanMailsMayBeSent() {
        TenantId tenant = seller();
        String flooded = "flooded-" + tenant + "@example.test";
        for (int i = 0; i < 7; i++) {
            issued(tenant, flooded);
        }
        sql("update app.customer_invoice set reminder_at = now() - interval '1 minute' where tenant_id = '" + tenant
                + "'");

        reminders.remind();
        reminders.remind();

        eventually(() -> assertThat(SmtpServer.shared().to(flooded)).hasSize(5));
        assertThat(text(
                        "select count(*) filter (where reminders_sent = 1) || ' ' || count(*) filter (where reminders_sent"
                                + " = 0 and reminder_at > now() + interval '1 hour') from app.customer_invoice where tenant_id = '"
                                + tenant + "'"))
                .isEqualTo("5 2");
    }

    @Test
    void whatWasDueBeforeItIsDraftedIsRefused() {
        TenantId tenant = seller();
        String past = LocalDate.now(ZoneOffset.UTC).minusDays(2).toString();

        owner(tenant)
                .body("""
                        {"customer":{"name":"A","email":"a@b.co"},"currency":"INR","due_on":"%s",
                         "lines":[{"description":"x","quantity":1,"unit_amount":1}]}
                        """.formatted(past))
                .post(PATH)
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/due_on"));
        String draft = draft(tenant, "a@b.co").path("id");
        owner(tenant)
                .body("{\"due_on\":\"" + past + "\"}")
                .patch(PATH + "/" + draft)
                .then()
                .statusCode(422);
    }
}
