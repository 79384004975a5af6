package dev.parley.billing;

import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.SmtpServer;
import java.util.Map;

/** What billing-service needs in its integration tests: the platform's parts, a Stripe, a Razorpay and a policy-service. */
public class BillingTestResource extends ParleyTestResource {
    @Override
    public Map<String, String> start() {
        Map<String, String> settings = super.start();
        settings.put("PARLEY_STRIPE_API_BASE", StripeStub.shared().url());
        settings.put("PARLEY_STRIPE_SECRET_KEY", "sk_test_billing_it");
        settings.put("PARLEY_STRIPE_WEBHOOK_SECRET", StripeStub.WEBHOOK_SECRET);
        settings.put("PARLEY_STRIPE_WEBHOOK_SECRET_PREVIOUS", "whsec_before");
        settings.put("PARLEY_POLICY_URL", PolicyStub.shared().url());
        settings.put("PARLEY_RAZORPAY_API_BASE", RazorpayStub.shared().url());
        settings.put("PARLEY_RAZORPAY_CLOCKS_URL", RazorpayStub.shared().url() + "/v1/clocks");
        settings.put("PARLEY_RAZORPAY_KEY_ID", RazorpayStub.KEY_ID);
        settings.put("PARLEY_RAZORPAY_KEY_SECRET", RazorpayStub.KEY_SECRET);
        settings.put("PARLEY_RAZORPAY_WEBHOOK_SECRET", RazorpayStub.WEBHOOK_SECRET);
        settings.put("PARLEY_RAZORPAY_WEBHOOK_SECRET_PREVIOUS", "rzp_before");
        settings.put("billing.razorpay.retries", "0");
        settings.put("billing.razorpay.read-timeout", "30S");
        settings.put("billing.sweep.every", "off");
        settings.put("billing.test-clock.enabled", "true");
        settings.put("billing.closing.every", "off");
        settings.put("billing.cost.models.\"acme/priced-by-test\".input", "100");
        settings.put("billing.cost.models.\"acme/priced-by-test\".output", "120");
        settings.put("PARLEY_SMTP_HOST", "127.0.0.1");
        settings.put("PARLEY_SMTP_PORT", String.valueOf(SmtpServer.shared().port()));
        settings.put("PARLEY_SMTP_TLS", "none");
        settings.put("PARLEY_SELLER_GSTIN", "29AAAAA0000A1ZY");
        settings.put("PARLEY_SELLER_NAME", "Parley Private Limited");
        settings.put("billing.reconciliation.at", "off");
        settings.put("billing.reconciliation.pause", "0.1S");
        settings.put("billing.reconciliation.patience", "0S");
        settings.put("billing.stripe.retries", "0");
        settings.put("billing.stripe.read-timeout", "30S");
        // Many press at once here, however slow the machine is.
        settings.put(
                "quarkus.datasource.jdbc.additional-jdbc-properties.options",
                "-c statement_timeout=20s -c lock_timeout=15s -c idle_in_transaction_session_timeout=60s");
        settings.put("quarkus.datasource.jdbc.additional-jdbc-properties.socketTimeout", "60");
        return settings;
    }
}
