package dev.parley.billing.webhook;

import dev.parley.billing.payment.PaymentProblem;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.ProviderEvent;
import dev.parley.billing.payment.WebhookDelivery;
import dev.parley.billing.payment.WebhookRefused;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The inbox: an event is committed before it is answered, and worked on after. */
@ApplicationScoped
class WebhookService {
    private final Database database;
    private final WebhookRepository inbox;
    private final MeterRegistry metrics;

    WebhookService(Database database, WebhookRepository inbox, MeterRegistry metrics) {
        this.database = database;
        this.inbox = inbox;
        this.metrics = metrics;
    }

    /** Stores a signed event once and returns whether it is new; a refused one is only counted. */
    boolean accept(PaymentProvider provider, WebhookDelivery delivery) {
        ProviderEvent event;
        try {
            event = provider.verify(delivery);
        } catch (WebhookRefused refused) {
            count(provider.name(), refused.reason().tag());
            throw new Problem(PaymentProblem.WEBHOOK_REFUSED);
        }
        boolean fresh = database.global(handle -> inbox.insert(handle, event, delivery));
        count(provider.name(), fresh ? "accepted" : "duplicate");
        return fresh;
    }

    private void count(String provider, String outcome) {
        metrics.counter("billing.webhook.received", "provider", provider, "outcome", outcome)
                .increment();
    }

    List<StoredEvent> claim(String provider, int limit) {
        return database.acrossTenants(relay -> inbox.claim(relay, provider, limit));
    }

    void finish(List<StoredEvent> events, boolean applied) {
        database.acrossTenants(relay -> {
            events.forEach(event -> inbox.finish(relay, event, applied ? "applied" : "ignored"));
            return true;
        });
    }

    void fail(List<StoredEvent> events, String error) {
        String bounded = error.length() > 500 ? error.substring(0, 500) : error;
        database.acrossTenants(relay -> {
            events.forEach(event -> inbox.fail(relay, event, bounded));
            return true;
        });
    }
}
