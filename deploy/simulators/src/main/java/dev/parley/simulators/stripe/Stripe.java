package dev.parley.simulators.stripe;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.StateFile;
import dev.parley.simulators.webhook.Delivery;
import dev.parley.simulators.webhook.WebhookSender;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The simulated Stripe account. */
public final class Stripe {

    private final StripeStore store;
    private final StripeEvents events;
    private final Subscriptions subscriptions;
    private final TestClocks clocks;
    private final Endpoint endpoint;
    private final WebhookSender sender;

    /**
     * The account with what the state file knows of it.
     *
     * @param publicBase this process's own address, for links to pages
     * @param webhookUrl where events go
     * @param webhookSecret the {@code whsec_…} that signs them
     */
    public Stripe(
            Clock clock,
            StateFile state,
            WebhookSender sender,
            String publicBase,
            String webhookUrl,
            String webhookSecret) {
        this.sender = sender;
        store = new StripeStore(clock, state);
        events = new StripeEvents(store, sender, webhookUrl, webhookSecret);
        clocks = new TestClocks(store, events);
        PaymentMethods methods = new PaymentMethods(store, events);
        Customers customers = new Customers(store, events, clocks);
        Catalogue catalogue = new Catalogue(store, events);
        Payments payments = new Payments(store, events, methods);
        Invoices invoices = new Invoices(store, events, customers, payments, publicBase);
        InvoiceItems items = new InvoiceItems(store, events, invoices);
        subscriptions = new Subscriptions(store, events, catalogue, invoices, items, methods);
        CheckoutSessions sessions =
                new CheckoutSessions(store, events, customers, catalogue, payments, subscriptions, methods, publicBase);
        endpoint = new StripeEndpoint(
                store,
                clocks,
                new StripePages(store, sessions, clocks),
                customers,
                catalogue,
                sessions,
                subscriptions,
                payments,
                methods,
                invoices,
                items);
    }

    /** What is served under {@code /stripe}. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Delivers the events that were not delivered before the last stop. */
    public void resume() {
        events.resume();
    }

    /** Sends an event again, once; calls back with what became of it. False when there is no such event. */
    public boolean resend(String id, Consumer<Delivery> attempted) {
        JsonObject event = store.find("event", id);
        if (event == null) {
            return false;
        }
        sender.submit(
                events.delivery(event, events.url(), events.secret(), 0, false).onFirstAttempt(attempted));
        return true;
    }

    /**
     * Makes an event of any type about any object, keeps it, and sends it.
     *
     * @param wish {@code type} and {@code data} (the object); if wanted {@code id}, {@code created},
     *     {@code api_version}, {@code url}, {@code secret}, {@code signed_seconds_ago} (negative: in the future),
     *     {@code retry}
     * @return the event's id
     * @throws IllegalArgumentException when type or data are missing
     */
    public String send(JsonObject wish, Consumer<Delivery> attempted) {
        if (wish.getString("type") == null || wish.getJsonObject("data") == null) {
            throw new IllegalArgumentException("an event needs type and data");
        }
        String id = wish.getString("id", store.id("evt_1"));
        JsonObject event = events.event(id, wish.getString("type"), wish.getJsonObject("data"), null, null);
        event.put("created", wish.getLong("created", event.getLong("created")))
                .put("api_version", wish.getString("api_version", event.getString("api_version")))
                .put("pending_webhooks", 0);
        store.put(event);
        sender.submit(events.delivery(
                        event,
                        wish.getString("url", events.url()),
                        wish.getString("secret", events.secret()),
                        -wish.getLong("signed_seconds_ago", 0L),
                        wish.getBoolean("retry", false))
                .onFirstAttempt(attempted));
        return id;
    }

    /** Ends a subscription's period now, paid or not; empty when there is no such live subscription. */
    public Optional<JsonObject> renew(String subscription, boolean paid) {
        try {
            String customer = store.get("subscription", subscription).getString("customer");
            JsonObject renewed = clocks.during(customer, () -> subscriptions.renew(subscription, paid));
            return Optional.of(store.view(renewed, List.of()));
        } catch (StripeProblem noSuch) {
            return Optional.empty();
        }
    }
}
