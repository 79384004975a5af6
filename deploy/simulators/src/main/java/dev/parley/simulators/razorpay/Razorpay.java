package dev.parley.simulators.razorpay;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.StateFile;
import dev.parley.simulators.webhook.Delivery;
import dev.parley.simulators.webhook.WebhookSender;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The simulated Razorpay account. */
public final class Razorpay {

    /**
     * What the account and its owner share.
     *
     * @param keyId of the API, sent as the user of basic authentication
     * @param keySecret the password, and what signs a checkout's answer
     * @param webhookSecret signs webhooks
     */
    public record Secrets(String keyId, String keySecret, String webhookSecret) {}

    private final RazorpayStore store;
    private final RazorpayEvents events;
    private final TestClocks clocks;
    private final Subscriptions subscriptions;
    private final Endpoint endpoint;
    private final WebhookSender sender;

    /**
     * The account with what the state file knows of it.
     *
     * @param publicBase this process's own address, for links to pages
     * @param webhookUrl where events go
     */
    public Razorpay(
            Clock clock, StateFile state, WebhookSender sender, String publicBase, String webhookUrl, Secrets secrets) {
        this.sender = sender;
        store = new RazorpayStore(clock, state);
        events = new RazorpayEvents(store, sender, webhookUrl, secrets.webhookSecret());
        clocks = new TestClocks(store);
        Plans plans = new Plans(store);
        Customers customers = new Customers(store);
        Payments payments = new Payments(store, events);
        Orders orders = new Orders(store, events, payments);
        PaymentLinks links = new PaymentLinks(store, events, orders, publicBase);
        Addons addons = new Addons(store);
        Invoices invoices = new Invoices(store, events, orders, payments, addons, publicBase);
        subscriptions = new Subscriptions(store, events, customers, invoices, payments, publicBase);
        RazorpayPages pages =
                new RazorpayPages(store, clocks, subscriptions, links, orders, secrets.keyId(), secrets.keySecret());
        endpoint = new RazorpayEndpoint(
                store,
                clocks,
                pages,
                secrets.keyId(),
                secrets.keySecret(),
                plans,
                customers,
                subscriptions,
                invoices,
                orders,
                links,
                payments,
                addons);
    }

    /** What is served under {@code /razorpay}. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Delivers the events that were not delivered before the last stop. */
    public void resume() {
        events.resume();
    }

    /** Sends an event again, once, with the same id; calls back with what became of it. False when there is none. */
    public boolean resend(String id, Consumer<Delivery> attempted) {
        JsonObject event = store.find("event", id);
        if (event == null) {
            return false;
        }
        sender.submit(
                events.delivery(event, events.url(), events.secret(), false).onFirstAttempt(attempted));
        return true;
    }

    /**
     * Makes an event of any type about any object, keeps it, and sends it.
     *
     * @param wish {@code event} and {@code data} (the object, with its {@code entity}); if wanted {@code id},
     *     {@code created_at}, {@code url}, {@code secret} (forged), {@code retry}
     * @throws IllegalArgumentException when event or data are missing
     */
    public void send(JsonObject wish, Consumer<Delivery> attempted) {
        JsonObject data = wish.getJsonObject("data");
        if (wish.getString("event") == null || data == null || data.getString("entity") == null) {
            throw new IllegalArgumentException("an event needs event, and data with its entity");
        }
        JsonObject event = events.event(
                wish.getString("id", store.id("evt")),
                wish.getString("event"),
                wish.getLong("created_at", store.now()),
                data);
        store.put(event);
        sender.submit(events.delivery(
                        event,
                        wish.getString("url", events.url()),
                        wish.getString("secret", events.secret()),
                        wish.getBoolean("retry", false))
                .onFirstAttempt(attempted));
    }

    /**
     * Ends a subscription's cycle now, with its next charge paid or failed.
     *
     * @throws IllegalArgumentException when there is no such subscription, or it has ended
     */
    public JsonObject renew(String subscription, boolean paid) {
        return said(() -> during(subscription, () -> subscriptions.renew(subscription, paid)));
    }

    /**
     * Tries a failed charge again.
     *
     * @param outcome paid, failed, or exhausted: the last try failed too
     * @throws IllegalArgumentException when no charge of the subscription waits
     */
    public JsonObject retry(String subscription, String outcome) {
        return said(() -> during(subscription, () -> subscriptions.retry(subscription, outcome)));
    }

    /**
     * Says whether a subscription's card works for charges that nobody decides on, such as that of a plan's change.
     *
     * @throws IllegalArgumentException when there is no such subscription
     */
    public JsonObject card(String subscription, boolean works) {
        return said(() -> subscriptions.card(subscription, works));
    }

    /** A test clock of that id, made at that time unless there is one; the note {@code test_clock} puts an object on it. */
    public JsonObject clock(String id, long at) {
        return clocks.view(clocks.create(id, at), subscriptions);
    }

    /**
     * A test clock, with the subscriptions on it to which something can still happen.
     *
     * @throws IllegalArgumentException when there is no such clock
     */
    public JsonObject clock(String id) {
        return said(() -> clocks.view(store.get("clock", id), subscriptions));
    }

    /**
     * Moves a test clock forward; what falls due happens on the way. An earlier time changes nothing.
     *
     * @throws IllegalArgumentException when there is no such clock
     */
    public JsonObject advance(String id, long to) {
        return said(() -> clocks.view(clocks.advance(id, to, subscriptions), subscriptions));
    }

    private JsonObject during(String subscription, Supplier<JsonObject> work) {
        return clocks.during(store.get("subscription", subscription), work);
    }

    private static JsonObject said(Supplier<JsonObject> change) {
        try {
            return RazorpayStore.view(change.get());
        } catch (RazorpayProblem refused) {
            throw new IllegalArgumentException(refused.getMessage(), refused);
        }
    }
}
