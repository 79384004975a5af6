package dev.parley.simulators;

import dev.parley.simulators.razorpay.Razorpay;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the simulators are told by the environment.
 *
 * @param port on 127.0.0.1; 0 takes any free one
 * @param smtpPort the mail catcher's on 127.0.0.1; 0 takes any free one
 * @param publicUrl the gateway's address, where payment webhooks go
 * @param stripeWebhookSecret signs Stripe's
 * @param razorpay the key of Razorpay's API, and what signs its webhooks
 * @param stateDirectory where state survives a restart, or null to forget it
 * @param logging whether requests are recorded from the start
 */
record Settings(
        int port,
        int smtpPort,
        String publicUrl,
        String stripeWebhookSecret,
        Razorpay.Secrets razorpay,
        Path stateDirectory,
        boolean logging) {

    static final int USUAL_PORT = 8190;
    static final int USUAL_SMTP_PORT = 8125;

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException naming the setting at fault
     */
    static Settings from(Map<String, String> environment) {
        String dataDirectory = environment.getOrDefault("PARLEY_DATA_DIR", "");
        return new Settings(
                port(environment, "PARLEY_SIMULATORS_PORT", USUAL_PORT),
                port(environment, "PARLEY_SIMULATORS_SMTP_PORT", USUAL_SMTP_PORT),
                environment.getOrDefault("PARLEY_PUBLIC_URL", "http://127.0.0.1:8080"),
                environment.getOrDefault("PARLEY_STRIPE_WEBHOOK_SECRET", "whsec_parley_local"),
                new Razorpay.Secrets(
                        environment.getOrDefault("PARLEY_RAZORPAY_KEY_ID", "rzp_test_parley_local"),
                        environment.getOrDefault("PARLEY_RAZORPAY_KEY_SECRET", "rzp_secret_parley_local"),
                        environment.getOrDefault("PARLEY_RAZORPAY_WEBHOOK_SECRET", "rzp_parley_local")),
                dataDirectory.isEmpty() ? null : Path.of(dataDirectory, "simulators"),
                !environment.getOrDefault("PARLEY_SIMULATORS_LOG", "full").equals("counters"));
    }

    private static int port(Map<String, String> environment, String name, int usual) {
        String text = environment.getOrDefault(name, Integer.toString(usual));
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException notNumber) {
            throw new IllegalArgumentException(name + " must be a number, not " + text, notNumber);
        }
        throw new IllegalArgumentException(name + " must be 0 to 65535, not " + text);
    }
}
