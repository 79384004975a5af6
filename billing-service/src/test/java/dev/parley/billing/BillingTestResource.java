package dev.parley.billing;

import com.sun.net.httpserver.HttpServer;
import dev.parley.testing.ParleyTestResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;

/** What billing-service needs in its integration tests: the platform's parts, a Stripe and a policy-service. */
public class BillingTestResource extends ParleyTestResource {
    @Override
    public Map<String, String> start() {
        Map<String, String> settings = super.start();
        settings.put("PARLEY_STRIPE_API_BASE", StripeStub.shared().url());
        settings.put("PARLEY_STRIPE_SECRET_KEY", "sk_test_billing_it");
        settings.put("PARLEY_STRIPE_WEBHOOK_SECRET", StripeStub.WEBHOOK_SECRET);
        settings.put("PARLEY_STRIPE_WEBHOOK_SECRET_PREVIOUS", "whsec_before");
        settings.put("PARLEY_POLICY_URL", policy());
        settings.put("billing.sweep.every", "off");
        settings.put("billing.test-clock.enabled", "true");
        settings.put("billing.stripe.retries", "0");
        settings.put("billing.stripe.read-timeout", "2S");
        return settings;
    }

    /** A policy-service that knows every version at once. */
    private static String policy() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/internal/entitlements", exchange -> {
                byte[] body = "{\"plan\":\"any\",\"version\":1000000}".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return "http://127.0.0.1:" + server.getAddress().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
