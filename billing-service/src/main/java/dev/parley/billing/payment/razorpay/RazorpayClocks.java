package dev.parley.billing.payment.razorpay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.billing.payment.ProviderClocks;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

/** Test clocks of a simulator: Razorpay itself has none. What is bought on one names it in its notes. */
final class RazorpayClocks implements ProviderClocks {
    /** The note that names a clock. */
    static final String NOTE = "test_clock";

    private final RazorpayApi simulator;
    private final BiConsumer<String, Instant> tellBy;

    /**
     * The clocks of the simulator at that address.
     *
     * @param tellBy tells of a subscription's ending that falls due by that time: as on days that pass by themselves, the
     *     simulator must know before it renews
     */
    RazorpayClocks(RazorpayApi simulator, BiConsumer<String, Instant> tellBy) {
        this.simulator = simulator;
        this.tellBy = tellBy;
    }

    @Override
    public String create(Instant at, UUID requestId) {
        return simulator
                .post("/" + requestId, Map.of("at", at.getEpochSecond()))
                .path("id")
                .asText();
    }

    @Override
    public void advance(String clockId, Instant to) {
        JsonNode clock = simulator
                .find("/" + clockId)
                .orElseThrow(() -> new PaymentUncertain("razorpay: the simulator has no clock " + clockId, null));
        for (JsonNode subscription : clock.path("subscriptions")) {
            tellBy.accept(subscription.asText(), to);
        }
        simulator.post("/" + clockId + "/advance", Map.of("to", to.getEpochSecond()));
    }
}
