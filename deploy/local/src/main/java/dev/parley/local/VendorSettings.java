package dev.parley.local;

import java.util.LinkedHashMap;
import java.util.Map;

/** Where the outside world is: at the simulators, unless the caller's environment says otherwise. */
final class VendorSettings {
    static final String STRIPE_WEBHOOK_SECRET = "whsec_parley_local";
    static final String RAZORPAY_KEY_ID = "rzp_test_parley_local";
    static final String RAZORPAY_KEY_SECRET = "rzp_secret_parley_local";
    static final String RAZORPAY_WEBHOOK_SECRET = "rzp_parley_local";

    private VendorSettings() {}

    /** Every vendor's address and secret, the caller's value first. */
    static Map<String, String> from(String simulators, Map<String, String> caller) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("PARLEY_LLM_BASE_URL", simulators + "/llm/v1");
        settings.put("PARLEY_LLM_API_KEY", "sk-parley-local");
        settings.put("PARLEY_LLM_MODEL", "parley-demo");
        settings.put("PARLEY_STRIPE_API_BASE", simulators + "/stripe");
        settings.put("PARLEY_STRIPE_SECRET_KEY", "sk_test_parley_local");
        settings.put("PARLEY_STRIPE_WEBHOOK_SECRET", STRIPE_WEBHOOK_SECRET);
        settings.put("PARLEY_RAZORPAY_API_BASE", simulators + "/razorpay");
        settings.put("PARLEY_RAZORPAY_KEY_ID", RAZORPAY_KEY_ID);
        settings.put("PARLEY_RAZORPAY_KEY_SECRET", RAZORPAY_KEY_SECRET);
        settings.put("PARLEY_RAZORPAY_WEBHOOK_SECRET", RAZORPAY_WEBHOOK_SECRET);
        if (caller.getOrDefault("PARLEY_RAZORPAY_API_BASE", "").isBlank()) {
            // Only the simulator has clocks that can be moved.
            settings.put("PARLEY_RAZORPAY_CLOCKS_URL", simulators + "/_control/razorpay/clocks");
        }
        settings.put("PARLEY_TELEGRAM_API_BASE", simulators + "/telegram");
        settings.put("PARLEY_WHATSAPP_API_BASE", simulators + "/whatsapp");
        settings.put("PARLEY_TWILIO_API_BASE", simulators + "/twilio");
        settings.put("PARLEY_TWILIO_MESSAGING_BASE", simulators + "/twilio");
        settings.put("PARLEY_FCM_API_BASE", simulators + "/fcm");
        settings.put("PARLEY_FCM_TOKEN_URL", simulators + "/fcm/token");
        settings.put("PARLEY_LINKEDIN_API_BASE", simulators + "/linkedin");
        settings.replaceAll((name, value) -> {
            String given = caller.get(name);
            return given == null || given.isBlank() ? value : given;
        });
        return settings;
    }

    /** Who sells here, and what the demo model costs, so that invoices have tax lines and margins are not all profit. */
    static Map<String, String> books(Map<String, String> caller) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("PARLEY_SELLER_NAME", "Parley Local Private Limited");
        settings.put("PARLEY_SELLER_ADDRESS", "1 MG Road,Bengaluru 560001");
        settings.put("PARLEY_SELLER_GSTIN", "29AAAAA0000A1ZY");
        settings.put("BILLING_COST_MODELS__PARLEY_DEMO__INPUT", "25000");
        settings.put("BILLING_COST_MODELS__PARLEY_DEMO__OUTPUT", "125000");
        settings.replaceAll((name, value) -> {
            String given = caller.get(name);
            return given == null || given.isBlank() ? value : given;
        });
        return settings;
    }
}
