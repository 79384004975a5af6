package dev.parley.billing.crash;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.newTenant;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.text;
import static dev.parley.billing.Billing.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.BillingBooks;
import dev.parley.billing.BillingTestResource;
import dev.parley.billing.RazorpayStub;
import dev.parley.billing.StripeStub;
import dev.parley.billing.lifecycle.SweepForTests;
import dev.parley.billing.webhook.InboxForTests;
import dev.parley.platform.data.Database;
import dev.parley.platform.event.EventCodec;
import dev.parley.platform.event.EventConsumer;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.CrashReport;
import dev.parley.testing.EventDelivery;
import dev.parley.testing.EveryBoundary;
import dev.parley.testing.EveryBoundary.Tried;
import dev.parley.testing.MortalProcess;
import io.quarkus.arc.All;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The service dies at every statement boundary of billing's money paths. Recovery is what production does: an event
 * comes again, a client asks again with the same Idempotency-Key, a provider sends its event again, the janitor asks the
 * provider. What a provider did for us it did once.
 */
@QuarkusTest
@TestProfile(CrashProfile.class)
@QuarkusTestResource(BillingTestResource.class)
class CrashIT {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Instant END = NOW.plus(Duration.ofDays(30));
    private static final String START_TRIAL = "billing-service.start-trial";
    private static final String BOOK_USAGE = "billing-service.book-usage";

    @Inject
    @All
    List<EventConsumer> consumers;

    @Inject
    EventCodec codec;

    @Inject
    Database database;

    @Inject
    SweepForTests sweeper;

    @Inject
    InboxForTests inbox;

    private final StripeStub stripe = StripeStub.shared();
    private final RazorpayStub razorpay = RazorpayStub.shared();

    @BeforeEach
    void plans() {
        MortalDatabase.PROCESS.restart();
        if (count("select count(*) from app.plan where code = 'large'") == 0) {
            plan("free", 0, 1_000, 14);
            plan("small", 10_000, 1_000, 0);
            plan("large", 30_000, 9_000, 0);
            staff().body("""
                            {"code":"overused","name":"Overused","price":{"amount":10000,"currency":"INR"},
                             "interval":"month","credits":1000,"rates":{"message":{"credits":1,"per":1}},
                             "agents":["concierge"],"channels":["web"],"quotas":{},
                             "overage":{"mode":"charge_up_to_cap","cap":500},"trial_days":0}
                            """).post("/api/v1/admin/plans").then().statusCode(201);
            staff().body("""
                            {"code":"crate","name":"Crate","price":{"amount":5000,"currency":"INR"},"credits":700}
                            """).post("/api/v1/admin/credit-packs").then().statusCode(201);
        }
        stripe.chargeForChange(10_000);
    }

    private void deliver(String group, List<ConsumerRecord<String, byte[]>> messages) {
        EventConsumer consumer = consumers.stream()
                .filter(each -> each.group().equals(group))
                .findFirst()
                .orElseThrow();
        @SuppressWarnings("unchecked")
        ConsumerRecord<String, byte[]>[] together = messages.toArray(new ConsumerRecord[0]);
        new EventDelivery(codec, database).deliver(consumer, together);
    }

    /** One tenant in its trial of 1,000 credits, and what is known outside of the process. */
    private abstract class Story implements EveryBoundary.Life {
        final TenantId tenant = newTenant();
        final String key = UUID.randomUUID().toString();
        String expected;

        Story() {
            sql("update app.provider_event set state = 'ignored' where state = 'received'");
        }

        @Override
        public MortalProcess process() {
            return MortalDatabase.PROCESS;
        }

        @Override
        public void recover() throws Exception {
            process().restart();
            again();
        }

        abstract void again() throws Exception;

        /** What must be true outside of the process. */
        void outside() {}

        @Override
        public void check() {
            assertThat(BillingBooks.faults(tenant.value())).isEmpty();
            assertThat(BillingBooks.untold(tenant.value())).isEmpty();
            outside();
            if (expected != null) {
                assertThat(end()).isEqualTo(expected);
            }
        }

        /** What is compared with {@link #lastly} of a life without death. */
        String end() {
            return lastly();
        }

        final String lastly() {
            return text("""
                    select concat_ws(' | ',
                      (select concat_ws(' ', status, plan_code, plan_version, provider, version, cancel_at_period_end, pending_plan_code)
                         from app.subscription s where s.tenant_id = t.id),
                      (select string_agg(concat_ws(' ', source, credits, close_requested_at is not null, closed_at is not null,
                              unspent, taken, paid_amount), ', ' order by source, credits, paid_amount, close_requested_at is not null,
                              closed_at is not null, unspent, taken)
                         from app.credit_lot l where l.tenant_id = t.id),
                      (select string_agg(account || ' ' || credits, ', ' order by account) from (select account, sum(credits) as credits
                         from app.ledger_entry e where e.tenant_id = t.id group by account) b),
                      (select string_agg(concat_ws(' ', status, plan_code, pack_code, amount, url is not null), ', ' order by id)
                         from app.checkout c where c.tenant_id = t.id),
                      (select string_agg(concat_ws(' ', status, timing, to_code, charged, credits), ', ' order by id)
                         from app.plan_change c where c.tenant_id = t.id),
                      (select string_agg(concat_ws(' ', status, credits, amount), ', ' order by id)
                         from app.overage_charge o where o.tenant_id = t.id),
                      (select string_agg(concat_ws(' ', status, amount, number_seq), ', ' order by amount, number_seq)
                         from app.invoice i where i.tenant_id = t.id),
                      (select string_agg(concat_ws(' ', source, credits, applied), ', ' order by id)
                         from app.credit_adjustment a where a.tenant_id = t.id),
                      (select string_agg(concat_ws(' ', status, credits), ', ' order by id) from app.approval a where a.tenant_id = t.id),
                      (select string_agg(concat_ws(' ', meter, quantity, credits), ', ' order by meter, credits, quantity)
                         from app.usage_log u where u.tenant_id = t.id),
                      (select string_agg(type || ' ' || times, ', ' order by type)
                         from (select type, count(*) as times from app.outbox_event o where o.tenant_id = t.id group by type) e))
                      from (select cast('%s' as uuid) as id) t
                    """.formatted(tenant));
        }

        // --- what others do ---

        ConsumerRecord<String, byte[]> message(String topic, String type, String payload) {
            return EventDelivery.message(UUID.randomUUID(), topic, type, tenant, payload);
        }

        ConsumerRecord<String, byte[]> created() {
            return message(
                    "auth.tenant.events",
                    "auth.tenant-created.v1",
                    "{\"tenant_id\":\"%s\",\"name\":\"T\",\"owner_user_id\":\"u\",\"owner_email\":\"o@example.com\"}"
                            .formatted(tenant));
        }

        void inTrial() {
            deliver(START_TRIAL, List.of(created()));
        }

        /** The answer of a process that lives; of one that died nobody hears anything. */
        void answered(Response answer, int status) {
            if (!process().isDead()) {
                assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
            }
        }

        Response ask(RequestSpecification request, String body, String path) {
            return request.header("Idempotency-Key", key).body(body).post(path);
        }

        /** Asks again once the request that died is given up, as a client does that is told 409 until then. */
        Response askAgain(RequestSpecification request, String body, String path) {
            sql("update app.idempotency_record set created_at = created_at - interval '4 minutes' where status is"
                    + " null");
            return ask(request, body, path);
        }

        Response checkout(String what, String provider, boolean again) {
            String body = """
                    {%s,"provider":"%s","success_url":"https://shop.example/ok","cancel_url":"https://shop.example/no"}
                    """.formatted(what, provider);
            return again
                    ? askAgain(owner(tenant), body, "/api/v1/checkout")
                    : ask(owner(tenant), body, "/api/v1/checkout");
        }

        String sessionAtStripe(String what) {
            String url = checkout(what, "stripe", false)
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("url");
            return url.substring(url.lastIndexOf('/') + 1);
        }

        String subscriptionAtRazorpay(String url) {
            return url.substring(url.lastIndexOf("/sub_") + 1, url.indexOf('?'));
        }

        /** Lets pass the minute after which a dead worker's events are taken by another. */
        void claimsEnd() {
            sql("update app.provider_event set claimed_until = now() where state = 'received'");
        }

        void drained() throws InterruptedException {
            claimsEnd();
            while (inbox.drain() > 0) {
                // there may be more
            }
        }

        void paid(String plan) throws InterruptedException {
            String session = sessionAtStripe("\"plan\":\"" + plan + "\"");
            stripe.pay(session, NOW, END);
            webhook(StripeStub.event(
                            "evt_" + UUID.randomUUID(), "checkout.session.completed", "checkout.session", session))
                    .then()
                    .statusCode(200);
            drained();
        }

        void janitor() {
            sql("update app.checkout set next_check_at = now() where next_check_at is not null and tenant_id = '"
                    + tenant + "'");
            sql("update app.plan_change set next_check_at = now() where next_check_at is not null and tenant_id = '"
                    + tenant + "'");
            sql("update app.overage_charge set next_check_at = now() where next_check_at is not null and tenant_id = '"
                    + tenant + "'");
            sweeper.sweep();
        }
    }

    /** How a path ends, in words and as it stands in {@link Story#lastly}. */
    private record Ends(String said, String... with) {}

    private static void everyBoundary(
            String path, String where, int atLeast, String recovery, Ends ends, Supplier<? extends Story> stories)
            throws Exception {
        Story undisturbed = stories.get();
        undisturbed.live();
        String expected = undisturbed.lastly();
        assertThat(expected).as("the end when nobody dies").contains(ends.with());

        Tried tried = EveryBoundary.of(() -> {
            Story story = stories.get();
            story.expected = expected;
            return story;
        });

        assertThat(tried.count())
                .as("boundaries of %s: %s", path, tried.boundaries())
                .isGreaterThanOrEqualTo(atLeast);
        CrashReport.row(path, "billing: " + where, tried, recovery, ends.said());
    }

    @Test
    void signupGrant() throws Exception {
        everyBoundary(
                "signup grant",
                "the trial of a new tenant",
                10,
                "the same event comes again",
                new Ends(
                        "one trial, one lot",
                        "trial free 1",
                        "trial 1000",
                        "credits:available 1000",
                        "billing.credits-granted.v1 1"),
                () -> new Story() {
                    final ConsumerRecord<String, byte[]> created = created();

                    @Override
                    public void live() {
                        deliver(START_TRIAL, List.of(created));
                    }

                    @Override
                    void again() {
                        deliver(START_TRIAL, List.of(created));
                    }
                });
    }

    private abstract class CheckoutAtStripe extends Story {
        final int before;

        CheckoutAtStripe() {
            inTrial();
            before = stripe.sessionsMade();
        }

        @Override
        public void live() {
            answered(checkout("\"plan\":\"small\"", "stripe", false), 201);
        }

        @Override
        void outside() {
            assertThat(stripe.sessionsMade() - before)
                    .isEqualTo((int) count("select count(*) from app.checkout where tenant_id = '" + tenant + "'"));
        }
    }

    @Test
    void aCheckoutWhoseClientAsksAgain() throws Exception {
        everyBoundary(
                "checkout",
                "a plan at Stripe",
                30,
                "the client asks again with its Idempotency-Key",
                new Ends("one checkout, one session", "open small 10000"),
                () -> new CheckoutAtStripe() {
                    @Override
                    void again() {
                        checkout("\"plan\":\"small\"", "stripe", true).then().statusCode(201);
                    }
                });
    }

    @Test
    void aCheckoutWhoseClientIsGone() throws Exception {
        everyBoundary(
                "checkout",
                "a plan at Stripe",
                30,
                "nobody asks again; the janitor asks the provider",
                new Ends("a checkout that is open with its one session, or none at all", "open small 10000"),
                () -> new CheckoutAtStripe() {
                    @Override
                    void again() {
                        janitor();
                    }

                    @Override
                    void outside() {
                        super.outside();
                        assertThat(count("select count(*) from app.checkout where (status <> 'open' or url is null)"
                                        + " and tenant_id = '" + tenant + "'"))
                                .isZero();
                    }

                    @Override
                    String end() {
                        return expected; // whether there is a checkout depends on where it died
                    }
                });
    }

    @Test
    void aCheckoutAtAProviderWithoutKeys() throws Exception {
        everyBoundary(
                "checkout",
                "a plan at Razorpay",
                30,
                "the client asks again with its Idempotency-Key",
                new Ends("one checkout, one subscription there", "open small 10000"),
                () -> new Story() {
                    {
                        inTrial();
                    }

                    @Override
                    public void live() {
                        answered(checkout("\"plan\":\"small\"", "razorpay", false), 201);
                    }

                    @Override
                    void again() {
                        checkout("\"plan\":\"small\"", "razorpay", true).then().statusCode(201);
                    }

                    @Override
                    void outside() {
                        assertThat(razorpay.madeFor(
                                        text("select id from app.checkout where tenant_id = '" + tenant + "'")))
                                .hasSize(1);
                    }
                });
    }

    @Test
    void aWebhookOfAFirstPayment() throws Exception {
        everyBoundary(
                "webhook",
                "Stripe: a checkout is paid; received, fetched, applied",
                40,
                "Stripe sends the event again; the claim ends",
                new Ends(
                        "one period, one lot, one invoice; the trial's lot ends",
                        "active small 1 stripe",
                        "plan 1000",
                        "trial 1000 t",
                        "credits:available 2000",
                        "paid 10000 1"),
                () -> new Story() {
                    final String event;

                    {
                        inTrial();
                        String session = sessionAtStripe("\"plan\":\"small\"");
                        stripe.pay(session, NOW, END);
                        event = StripeStub.event(
                                "evt_" + UUID.randomUUID(), "checkout.session.completed", "checkout.session", session);
                    }

                    @Override
                    public void live() throws Exception {
                        answered(webhook(event), 200);
                        drained();
                    }

                    @Override
                    void again() throws Exception {
                        webhook(event).then().statusCode(200);
                        drained();
                    }
                });
    }

    @Test
    void aWebhookOfAPaidPack() throws Exception {
        everyBoundary(
                "webhook",
                "Stripe: a credit pack is paid",
                20,
                "Stripe sends the event again; the claim ends",
                new Ends("one lot", "pack 700", "credits:available 1700"),
                () -> new Story() {
                    final String event;

                    {
                        inTrial();
                        String session = sessionAtStripe("\"pack\":\"crate\"");
                        stripe.payPack(session);
                        event = StripeStub.event(
                                "evt_" + UUID.randomUUID(), "checkout.session.completed", "checkout.session", session);
                    }

                    @Override
                    public void live() throws Exception {
                        answered(webhook(event), 200);
                        drained();
                    }

                    @Override
                    void again() throws Exception {
                        live();
                    }
                });
    }

    @Test
    void aWebhookThatIsNotSentAgain() throws Exception {
        everyBoundary(
                "webhook",
                "Razorpay: a subscription is paid",
                40,
                "nothing is sent again; the claim ends, else the janitor asks the provider",
                new Ends(
                        "one period, one lot, one invoice",
                        "active small 1 razorpay",
                        "plan 1000",
                        "credits:available 2000",
                        "paid 10000 1"),
                () -> new Story() {
                    final String event;
                    final String id = "evt_" + UUID.randomUUID();

                    {
                        inTrial();
                        String url = checkout("\"plan\":\"small\"", "razorpay", false)
                                .then()
                                .statusCode(201)
                                .extract()
                                .path("url");
                        String subscription = subscriptionAtRazorpay(url);
                        razorpay.pay(subscription, NOW, END);
                        event = RazorpayStub.event("subscription.activated", "subscription", subscription);
                    }

                    @Override
                    public void live() throws Exception {
                        answered(
                                RestAssured.given()
                                        .contentType("application/json; charset=utf-8")
                                        .header(
                                                "X-Razorpay-Signature",
                                                RazorpayStub.signature(event, RazorpayStub.WEBHOOK_SECRET))
                                        .header("X-Razorpay-Event-Id", id)
                                        .body(event.getBytes(StandardCharsets.UTF_8))
                                        .post("/webhooks/razorpay"),
                                200);
                        drained();
                    }

                    @Override
                    void again() throws Exception {
                        drained();
                        janitor();
                    }

                    @Override
                    String end() {
                        // The janitor also learns that the checkout is completed.
                        return super.end().replace("completed small", "open small");
                    }
                });
    }

    private abstract class Upgrade extends Story {
        final int before;

        Upgrade() {
            try {
                inTrial();
                paid("small");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            before = stripe.changes();
        }

        Response change(boolean again) {
            String body = "{\"plan\":\"large\"}";
            String own = key + "-change";
            if (again) {
                sql("update app.idempotency_record set created_at = created_at - interval '4 minutes' where status"
                        + " is null");
            }
            return owner(tenant).header("Idempotency-Key", own).body(body).post("/api/v1/subscription/change");
        }

        @Override
        public void live() {
            answered(change(false), 200);
        }

        int changes() {
            return stripe.changes() - before;
        }
    }

    @Test
    void aPlanChangeWhoseClientAsksAgain() throws Exception {
        everyBoundary(
                "plan change",
                "an upgrade at Stripe",
                60,
                "the client asks again with its Idempotency-Key",
                new Ends(
                        "one charge, the credits that it pays for once; 409 to the client when the plan is changed"
                                + " already",
                        "active large",
                        "done now large 10000 4000",
                        "credits:available 6000"),
                () -> new Upgrade() {
                    @Override
                    void again() {
                        boolean known =
                                count("select count(*) from app.subscription where plan_code = 'large' and tenant_id"
                                                + " = '"
                                                + tenant + "'")
                                        == 1;
                        Response answer = change(true);
                        assertThat(answer.statusCode()).as(answer.asString()).isIn(200, known ? 409 : 200);
                    }

                    @Override
                    void outside() {
                        assertThat(changes()).isEqualTo(1);
                    }
                });
    }

    @Test
    void aPlanChangeWhoseClientIsGone() throws Exception {
        everyBoundary(
                "plan change",
                "an upgrade at Stripe",
                60,
                "nobody asks again; the janitor asks the provider",
                new Ends(
                        "changed with one charge and its credits, or not at all",
                        "active large",
                        "done now large 10000 4000",
                        "credits:available 6000"),
                () -> new Upgrade() {
                    @Override
                    void again() {
                        janitor();
                    }

                    @Override
                    void outside() {
                        assertThat(changes()).isEqualTo((int)
                                count("select count(*) from app.plan_change where tenant_id = '" + tenant + "'"));
                        assertThat(count("select count(*) from app.plan_change where tenant_id = '" + tenant
                                        + "' and (status <> 'done' or charged <> 10000 or credits <> 4000)"))
                                .isZero();
                    }

                    @Override
                    String end() {
                        return expected; // whether it is changed depends on where it died
                    }
                });
    }

    @Test
    void usageIsBooked() throws Exception {
        everyBoundary(
                "settle",
                "two operations and the end of a lot are booked together",
                9,
                "the same events come again",
                new Ends("each booked once", "credits:available 0", "credits:consumed 7", "credits:expired 993"),
                () -> new Story() {
                    final List<ConsumerRecord<String, byte[]>> events;

                    {
                        inTrial();
                        String lot = text("select id from app.credit_lot where tenant_id = '" + tenant + "'");
                        events = List.of(
                                settled(UUID.randomUUID(), 3),
                                settled(UUID.randomUUID(), 4),
                                message(
                                        "policy.usage.events",
                                        "policy.lot-closed.v1",
                                        "{\"lot_id\":\"%s\",\"unspent\":993}".formatted(lot)));
                    }

                    ConsumerRecord<String, byte[]> settled(UUID operation, long credits) {
                        return message("policy.usage.events", "policy.usage-settled.v1", usage(operation, credits));
                    }

                    @Override
                    public void live() {
                        deliver(BOOK_USAGE, events);
                    }

                    @Override
                    void again() {
                        deliver(BOOK_USAGE, events);
                    }
                });
    }

    /** 150 credits, at 10 each, were used beyond a plan's; its period is about to end. */
    private abstract class Overused extends Story {
        final String customer;

        Overused() throws InterruptedException {
            inTrial();
            paid("overused");
            String lot = text("select id from app.credit_lot where source = 'trial' and tenant_id = '" + tenant + "'");
            deliver(
                    BOOK_USAGE,
                    List.of(
                            message("policy.usage.events", "policy.usage-settled.v1", usage(UUID.randomUUID(), 1_150)),
                            message(
                                    "policy.usage.events",
                                    "policy.lot-closed.v1",
                                    "{\"lot_id\":\"%s\",\"unspent\":1000}".formatted(lot))));
            sql("update app.subscription set current_period_end = now() + interval '30 minutes' where tenant_id = '"
                    + tenant + "'");
            customer = text("select provider_customer_id from app.subscription where tenant_id = '" + tenant + "'");
        }

        @Override
        void outside() {
            assertThat(stripe.items(customer)).containsExactly(1_500L);
        }
    }

    private static <T> T made(Callable<T> story) {
        try {
            return story.call();
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void overageIsFrozenAndOrdered() throws Exception {
        everyBoundary(
                "overage",
                "a period's debt is frozen and ordered at Stripe",
                15,
                "the next sweep freezes and orders",
                new Ends("one charge, one item at the provider", "ordered 150 1500", "credits:available -150"),
                () -> made(() -> new Overused() {
                    @Override
                    public void live() {
                        sweeper.sweep();
                    }

                    @Override
                    void again() {
                        janitor();
                    }
                }));
    }

    @Test
    void overageIsPaid() throws Exception {
        everyBoundary(
                "overage",
                "the invoice that carries it is paid",
                20,
                "the provider's event is taken up by another worker",
                new Ends("one lot pays the debt", "paid 150 1500", "overage 150", "credits:available 1000"),
                () -> made(() -> new Overused() {
                    {
                        sweeper.sweep();
                        String id = text("select provider_subscription_id from app.subscription where tenant_id = '"
                                + tenant + "'");
                        String invoice = stripe.renew(id, END, END.plus(Duration.ofDays(30)), 10_000, "paid");
                        webhook(StripeStub.event("evt_" + UUID.randomUUID(), "invoice.paid", "invoice", invoice))
                                .then()
                                .statusCode(200);
                    }

                    @Override
                    public void live() throws InterruptedException {
                        drained();
                    }

                    @Override
                    void again() throws InterruptedException {
                        drained();
                    }
                }));
    }

    private static String usage(UUID operation, long credits) {
        return """
                {"operation_id":"%1$s","agent":"concierge","channel":"web","settled_at":"2026-11-20T10:00:00Z",
                 "credits":%2$d,"lines":[
                  {"usage_id":"%1$s-m","meter":"message","quantity":1,"credits":%2$d,"estimated":false}]}
                """.formatted(operation, credits);
    }

    private Response adjust(Story story, long credits, boolean again) {
        String body = "{\"credits\":%d,\"reason\":\"sorry\"}".formatted(credits);
        String path = "/api/v1/admin/tenants/" + story.tenant + "/credit-adjustments";
        return again ? story.askAgain(staff(), body, path) : story.ask(staff(), body, path);
    }

    @Test
    void anAdjustmentThatGrants() throws Exception {
        everyBoundary(
                "adjustment",
                "an admin grants credits",
                20,
                "the admin asks again with the same Idempotency-Key",
                new Ends("one lot, one audit entry", "adjustment 50", "credits:available 1050"),
                () -> new Story() {
                    {
                        inTrial();
                    }

                    @Override
                    public void live() {
                        answered(adjust(this, 50, false), 201);
                    }

                    @Override
                    void again() {
                        adjust(this, 50, true).then().statusCode(201);
                    }
                });
    }

    @Test
    void anAdjustmentThatWaitsForASecondAdmin() throws Exception {
        everyBoundary(
                "adjustment",
                "an admin asks for more than one may grant",
                16,
                "the admin asks again with the same Idempotency-Key",
                new Ends("one approval waits, nothing is granted", "waiting 200000", "credits:available 1000"),
                () -> new Story() {
                    {
                        inTrial();
                    }

                    @Override
                    public void live() {
                        answered(adjust(this, 200_000, false), 202);
                    }

                    @Override
                    void again() {
                        adjust(this, 200_000, true).then().statusCode(202);
                    }
                });
    }

    @Test
    void anAdjustmentThatTakesBack() throws Exception {
        everyBoundary(
                "adjustment",
                "an admin takes credits back, policy says how many",
                24,
                "the admin asks again; policy's event comes again",
                new Ends(
                        "asked of policy once, taken once",
                        "adjustment -1200 -1000",
                        "credits:available 0",
                        "billing.credits-withdrawn.v1 1"),
                () -> new Story() {
                    final UUID told = UUID.randomUUID();

                    {
                        inTrial();
                    }

                    @Override
                    public void live() {
                        answered(adjust(this, -1_200, false), 201);
                        policyAnswers();
                    }

                    @Override
                    void again() {
                        adjust(this, -1_200, true).then().statusCode(201);
                        policyAnswers();
                    }

                    private void policyAnswers() {
                        String lot = text("select id from app.credit_lot where tenant_id = '" + tenant + "'");
                        String id = text("select id from app.credit_adjustment where tenant_id = '" + tenant + "'");
                        deliver(
                                BOOK_USAGE,
                                List.of(EventDelivery.message(
                                        told,
                                        "policy.usage.events",
                                        "policy.credits-taken.v1",
                                        tenant,
                                        "{\"withdrawal_id\":\"%s\",\"credits\":1000,\"lots\":[{\"lot_id\":\"%s\",\"credits\":1000}]}"
                                                .formatted(id, lot))));
                    }
                });
    }

    @Test
    void aRefundOfUsage() throws Exception {
        everyBoundary(
                "adjustment",
                "an admin refunds an operation",
                17,
                "the admin asks again, without a key",
                new Ends("one lot of what was charged", "refund 7", "credits:available 1000"),
                () -> new Story() {
                    final UUID operation = UUID.randomUUID();

                    {
                        inTrial();
                        deliver(
                                BOOK_USAGE,
                                List.of(message(
                                        "policy.usage.events", "policy.usage-settled.v1", usage(operation, 7))));
                    }

                    @Override
                    public void live() {
                        refund();
                    }

                    @Override
                    void again() {
                        refund();
                    }

                    private void refund() {
                        String body = "{\"operation_id\":\"%s\",\"reason\":\"wrong answer\"}".formatted(operation);
                        answered(staff().body(body).post("/api/v1/admin/tenants/" + tenant + "/usage-refunds"), 201);
                    }
                });
    }
}
