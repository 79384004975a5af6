package dev.parley.billing.webhook;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.newTenant;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.session;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.RazorpayStub;
import dev.parley.billing.StripeStub;
import dev.parley.billing.lifecycle.ProviderStateFlow;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.ProviderEvent;
import dev.parley.billing.payment.WebhookDelivery;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Payment events as the network delivers them at its worst. In the storm 200 customers of both providers live through two
 * moments; the oracle are customers with the same lives, whose events are followed one by one.
 */
@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class StormIT {
    private static final int CUSTOMERS = 200;
    private static final int EVENTS_PER_MOMENT = 25;
    private static final int COPIES = 3;
    private static final int THREADS = 6;
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Instant FIRST = NOW.minus(Duration.ofDays(20));
    private static final Instant FIRST_END = NOW.plus(Duration.ofDays(10));
    private static final Instant SECOND = NOW.minus(Duration.ofDays(1));
    private static final Instant SECOND_END = NOW.plus(Duration.ofDays(29));

    /** What happens to a customer between the first moment and the second. */
    private enum Fate {
        NOTHING,
        RENEWED,
        PAYMENT_FAILED,
        SUSPENDED,
        CANCELLED
    }

    @Inject
    WebhookService inbox;

    @Inject
    WebhookWorker worker;

    @Inject
    ProviderStateFlow states;

    @Inject
    PaymentProviders providers;

    private final StripeStub stripe = StripeStub.shared();
    private final RazorpayStub razorpay = RazorpayStub.shared();
    private final Random random = new Random(20_261_121);

    /** An event, signed anew each time that it is delivered: a signature is good for five minutes, and a storm may last. */
    private record Message(PaymentProvider provider, Supplier<WebhookDelivery> signed) {
        WebhookDelivery delivery() {
            return signed.get();
        }
    }

    /** A customer at one provider, with what its events speak of. */
    private abstract static class Customer {
        final TenantId tenant = newTenant();
        final Fate fate;

        Customer(Fate fate) {
            this.fate = fate;
        }

        abstract void buy();

        abstract void live();

        abstract Message event(Random random);
    }

    private final class OfStripe extends Customer {
        private final List<String[]> objects = new ArrayList<>();
        private String subscription;

        OfStripe(Fate fate) {
            super(fate);
        }

        @Override
        void buy() {
            String session = session(tenant, "storm");
            subscription = stripe.pay(session, FIRST, FIRST_END);
            objects.add(new String[] {"checkout.session.completed", "checkout.session", session});
            objects.add(new String[] {"customer.subscription.created", "subscription", subscription});
            objects.add(new String[] {"customer.subscription.deleted", "subscription", subscription});
        }

        @Override
        void live() {
            switch (fate) {
                case NOTHING -> {}
                case CANCELLED -> stripe.set(subscription, "status", "canceled");
                default -> {
                    boolean paid = fate == Fate.RENEWED;
                    stripe.period(subscription, SECOND, SECOND_END);
                    String invoice = stripe.invoice(subscription, SECOND, SECOND_END, 10_000, paid ? "paid" : "open");
                    stripe.set(
                            subscription, "status", paid ? "active" : fate == Fate.SUSPENDED ? "unpaid" : "past_due");
                    objects.add(new String[] {"invoice.paid", "invoice", invoice});
                    objects.add(new String[] {"invoice.payment_failed", "invoice", invoice});
                }
            }
        }

        @Override
        Message event(Random chance) {
            String[] object = objects.get(chance.nextInt(objects.size()));
            String body = StripeStub.event("evt_" + UUID.randomUUID(), object[0], object[1], object[2]);
            return signedByStripe(body, StripeStub.WEBHOOK_SECRET);
        }
    }

    private Message signedByStripe(String body, String secret) {
        return new Message(
                providers.named("stripe"),
                () -> new WebhookDelivery(
                        body.getBytes(StandardCharsets.UTF_8),
                        Map.of(
                                "stripe-signature",
                                StripeStub.signature(body, secret, Instant.now().getEpochSecond()))));
    }

    private final class OfRazorpay extends Customer {
        private final List<String[]> objects = new ArrayList<>();
        private String subscription;

        OfRazorpay(Fate fate) {
            super(fate);
        }

        @Override
        void buy() {
            subscription = openedAtRazorpay(tenant);
            String invoice = razorpay.pay(subscription, FIRST, FIRST_END);
            objects.add(new String[] {"subscription.activated", "subscription", subscription});
            objects.add(new String[] {"subscription.cancelled", "subscription", subscription});
            objects.add(new String[] {"invoice.paid", "invoice", invoice});
        }

        @Override
        void live() {
            switch (fate) {
                case NOTHING -> {}
                case CANCELLED -> razorpay.status(subscription, "cancelled");
                default -> {
                    boolean paid = fate == Fate.RENEWED;
                    razorpay.period(subscription, SECOND, SECOND_END);
                    String invoice = razorpay.invoice(subscription, SECOND, SECOND_END, paid ? "paid" : "issued");
                    razorpay.status(subscription, paid ? "active" : fate == Fate.SUSPENDED ? "halted" : "pending");
                    objects.add(new String[] {"invoice.paid", "invoice", invoice});
                    objects.add(new String[] {"subscription.pending", "subscription", subscription});
                }
            }
        }

        @Override
        Message event(Random chance) {
            String[] object = objects.get(chance.nextInt(objects.size()));
            return signedByRazorpay(RazorpayStub.event(object[0], object[1], object[2]), RazorpayStub.WEBHOOK_SECRET);
        }
    }

    private Message signedByRazorpay(String body, String secret) {
        String event = "evt_" + UUID.randomUUID();
        return new Message(
                providers.named("razorpay"),
                () -> new WebhookDelivery(
                        body.getBytes(StandardCharsets.UTF_8),
                        Map.of(
                                "x-razorpay-signature",
                                RazorpayStub.signature(body, secret),
                                "x-razorpay-event-id",
                                event)));
    }

    private static String openedAtRazorpay(TenantId tenant) {
        String url = owner(tenant)
                .body("""
                        {"plan":"storm","provider":"razorpay","success_url":"https://shop.example/ok",
                         "cancel_url":"https://shop.example/no"}
                        """)
                .post("/api/v1/checkout")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        return url.substring(url.lastIndexOf("/sub_") + 1, url.indexOf('?'));
    }

    private Customer customer(int number) {
        Fate fate = Fate.values()[number / 2 % Fate.values().length];
        return number % 2 == 0 ? new OfStripe(fate) : new OfRazorpay(fate);
    }

    private static void publishPlan() {
        if (count("select count(*) from app.plan where code = 'storm'") == 0) {
            plan("storm", 10_000, 500, 0);
        }
    }

    @Test
    void aStormOfEventsEndsWhereOneThreadAndNoDisorderWouldHaveEnded() throws Exception {
        publishPlan();
        List<Customer> customers =
                IntStream.range(0, CUSTOMERS).mapToObj(this::customer).toList();
        List<Customer> oracles = IntStream.range(0, 2 * Fate.values().length)
                .mapToObj(this::customer)
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            all(threads, Stream.concat(customers.stream(), oracles.stream()).map(customer -> () -> {
                customer.buy();
                return true;
            }));
            List<Message> first = events(customers);
            storm(threads, first);
            oracles.forEach(this::oneByOne);

            Stream.concat(customers.stream(), oracles.stream()).forEach(Customer::live);
            List<Message> second = events(customers);
            // Late copies of what was delivered before come with it.
            second.addAll(first.subList(0, first.size() / 10));
            storm(threads, second);
            oracles.forEach(this::oneByOne);
        }

        Map<String, String> expected = new TreeMap<>();
        oracles.forEach(oracle -> expected.put(life(oracle), state(oracle)));
        assertThat(expected).hasSize(2 * Fate.values().length);
        assertThat(expected.values().stream().distinct()).hasSizeGreaterThanOrEqualTo(Fate.values().length);
        for (Customer customer : customers) {
            assertThat(state(customer)).as(life(customer)).isEqualTo(expected.get(life(customer)));
        }
        assertThat(count("select count(*) from app.provider_event where state = 'failed'"))
                .isZero();
    }

    private static String life(Customer customer) {
        return customer.getClass().getSimpleName() + " " + customer.fate;
    }

    private List<Message> events(List<Customer> customers) {
        List<Message> events = new ArrayList<>();
        for (Customer customer : customers) {
            for (int i = 0; i < EVENTS_PER_MOMENT; i++) {
                events.add(customer.event(random));
            }
        }
        return events;
    }

    private void oneByOne(Customer oracle) {
        for (int i = 0; i < EVENTS_PER_MOMENT; i++) {
            Message message = oracle.event(random);
            ProviderEvent event = message.provider().verify(message.delivery());
            follow(message.provider(), event.kind(), event.objectId());
        }
    }

    private boolean follow(PaymentProvider provider, ProviderEvent.ObjectKind kind, String objectId) {
        Operation.enter(null);
        try {
            return states.follow(provider, kind, objectId);
        } finally {
            Operation.leave();
        }
    }

    /** Delivers every event three times in any order, with forged ones between, while workers die. */
    private void storm(ExecutorService threads, List<Message> events) throws Exception {
        List<Message> deliveries = new ArrayList<>();
        for (int copy = 0; copy < COPIES; copy++) {
            deliveries.addAll(events);
        }
        int forgeries = deliveries.size() / 100;
        for (int i = 0; i < forgeries; i++) {
            String subscription = "sub_" + random.nextInt();
            deliveries.add(
                    i % 2 == 0
                            ? signedByStripe(
                                    StripeStub.event(
                                            "evt_forged" + i,
                                            "customer.subscription.deleted",
                                            "subscription",
                                            subscription),
                                    "whsec_forged")
                            : signedByRazorpay(
                                    RazorpayStub.event("subscription.cancelled", "subscription", subscription),
                                    RazorpayStub.KEY_SECRET));
        }
        Collections.shuffle(deliveries, random);
        long before = count("select count(*) from app.provider_event");
        List<Future<Integer>> refused = new ArrayList<>();
        int part = deliveries.size() / (THREADS - 1) + 1;
        for (int from = 0; from < deliveries.size(); from += part) {
            List<Message> mine = deliveries.subList(from, Math.min(deliveries.size(), from + part));
            refused.add(threads.submit(() -> deliver(mine)));
        }
        Future<Integer> deaths = threads.submit(this::dieTwentyTimes);

        int refusals = 0;
        for (Future<Integer> each : refused) {
            refusals += each.get();
        }
        assertThat(refusals).isEqualTo(forgeries);
        assertThat(deaths.get()).isEqualTo(20);
        long stored = count("select count(*) from app.provider_event") - before;
        assertThat(stored).isEqualTo(CUSTOMERS * EVENTS_PER_MOMENT);
        awaitDrained();
    }

    private int deliver(List<Message> deliveries) {
        int refused = 0;
        for (Message message : deliveries) {
            boolean answered = false;
            while (!answered) {
                try {
                    inbox.accept(message.provider(), message.delivery());
                    answered = true;
                } catch (Problem problem) {
                    // Refused for good, or busy: then the provider tries again.
                    answered = problem.type().status() == 403;
                    refused += answered ? 1 : 0;
                }
            }
        }
        worker.kick();
        return refused;
    }

    /** A worker takes events and dies: before it does anything, or after the change and before it says so. */
    private int dieTwentyTimes() throws InterruptedException {
        for (int death = 0; death < 20; death++) {
            List<StoredEvent> taken = inbox.claim(death % 4 < 2 ? "stripe" : "razorpay", 8);
            try {
                for (StoredEvent event : taken.subList(0, death % 2 == 0 ? 0 : taken.size() / 2)) {
                    follow(providers.named(event.provider()), event.kind(), event.objectId());
                }
            } catch (RuntimeException died) {
                // So it died a little earlier.
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return 20;
    }

    /** The minute of a dead worker's claim is over at once. */
    private static void awaitDrained() throws InterruptedException {
        Instant limit = Instant.now().plusSeconds(300);
        while (count("select count(*) from app.provider_event where state = 'received'") > 0) {
            assertThat(Instant.now()).as("the inbox is empty").isBefore(limit);
            sql("update app.provider_event set claimed_until = now() where state = 'received'"
                    + " and claimed_until > now() + interval '5 seconds'"
                    + " and claimed_until < now() + interval '55 seconds'");
            TimeUnit.MILLISECONDS.sleep(250);
        }
    }

    private static void all(ExecutorService threads, Stream<Callable<Boolean>> tasks) throws Exception {
        for (Future<Boolean> done : threads.invokeAll(tasks.toList())) {
            assertThat(done.get()).isTrue();
        }
    }

    private static String state(Customer customer) {
        return state(customer.tenant);
    }

    /** Subscription, invoices, lots and ledger of a tenant. */
    private static String state(TenantId tenant) {
        return text("""
                select concat_ws(' | ', s.status, s.plan_code, s.provider, s.current_period_start, s.current_period_end,
                    s.cancel_at_period_end, s.past_due_since is not null,
                    (select string_agg(concat_ws(' ', i.status, i.amount, i.period_start, i.period_end, i.paid_at), ', '
                        order by i.period_start) from app.invoice i where i.tenant_id = s.tenant_id),
                    (select string_agg(concat_ws(' ', l.source, l.credits, l.expires_at, l.close_requested_at is null),
                        ', ' order by l.expires_at) from app.credit_lot l where l.tenant_id = s.tenant_id),
                    (select sum(e.credits) from app.ledger_entry e
                        where e.tenant_id = s.tenant_id and e.account = 'credits:available'))
                from app.subscription s where s.tenant_id = '%s'
                """.formatted(tenant));
    }

    @Test
    void everyOrderOfOneSubscriptionsEventsWithDuplicatesEndsInOneState() throws Exception {
        publishPlan();
        // Three of the subscription, and each invoice told twice.
        List<List<Integer>> orders = orders(List.of(0, 0, 0, 1, 1, 2, 2));
        assertThat(orders).hasSize(210).doesNotHaveDuplicates();
        List<Callable<List<String>>> tasks = new ArrayList<>();
        int lanes = 4;
        for (int lane = 0; lane < lanes; lane++) {
            int first = lane;
            tasks.add(() -> {
                TenantId tenant = newTenant();
                String subscription = openedAtRazorpay(tenant);
                List<String> ends = new ArrayList<>();
                for (int i = first; i < orders.size(); i += lanes) {
                    ends.add(endOf(tenant, subscription, orders.get(i)));
                }
                return ends;
            });
        }

        List<String> ends = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(lanes)) {
            for (Future<List<String>> done : threads.invokeAll(tasks)) {
                ends.addAll(done.get());
            }
        }

        assertThat(ends).hasSize(210);
        assertThat(ends.stream().distinct()).singleElement().satisfies(end -> assertThat(end)
                .startsWith("ended | storm | razorpay |")
                .contains("500"));
    }

    /** One life: a renewal fails, is paid after all, and the subscription is cancelled, while events come in any order. */
    private String endOf(TenantId tenant, String subscription, List<Integer> order) {
        forget(tenant);
        razorpay.forgetInvoices(subscription);
        String before = razorpay.pay(subscription, FIRST.minus(Duration.ofDays(30)), FIRST);
        razorpay.period(subscription, SECOND, SECOND_END);
        String renewal = razorpay.invoice(subscription, SECOND, SECOND_END, "issued");
        razorpay.status(subscription, "pending");
        PaymentProvider provider = providers.named("razorpay");
        List<String> names = List.of(
                "subscription.activated", "subscription.cancelled", "subscription.pending", "subscription.charged");
        for (int at = 0; at < order.size(); at++) {
            if (at == 2) {
                razorpay.invoiceStatus(renewal, "paid");
                razorpay.status(subscription, "active");
            } else if (at == 5) {
                razorpay.status(subscription, "cancelled");
            }
            String body =
                    switch (order.get(at)) {
                        case 0 -> RazorpayStub.event(names.get(at % names.size()), "subscription", subscription);
                        case 1 -> RazorpayStub.event("invoice.paid", "invoice", before);
                        default -> RazorpayStub.event("invoice.paid", "invoice", renewal);
                    };
            Message message = signedByRazorpay(body, RazorpayStub.WEBHOOK_SECRET);
            ProviderEvent event = provider.verify(message.delivery());
            assertThat(follow(provider, event.kind(), event.objectId())).isTrue();
        }
        return state(tenant);
    }

    /** Everything that a life left behind, but not the checkout that it begins with, and what the relay takes away itself. */
    private static void forget(TenantId tenant) {
        String deletions = text("""
                select string_agg(format('delete from app.%%I where tenant_id = %%L', table_name, '%s'), ';')
                from information_schema.columns join information_schema.tables using (table_schema, table_name)
                where table_schema = 'app' and column_name = 'tenant_id' and table_type = 'BASE TABLE'
                  and table_name not in ('checkout', 'outbox_event')
                """.formatted(tenant));
        sql("set session_replication_role = replica; " + deletions);
    }

    /** Every different order of these. */
    private static List<List<Integer>> orders(List<Integer> these) {
        if (these.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> orders = new ArrayList<>();
        for (int first : these.stream().distinct().toList()) {
            List<Integer> rest = new ArrayList<>(these);
            rest.remove(Integer.valueOf(first));
            for (List<Integer> each : orders(rest)) {
                List<Integer> one = new ArrayList<>(List.of(first));
                one.addAll(each);
                orders.add(one);
            }
        }
        return orders;
    }
}
