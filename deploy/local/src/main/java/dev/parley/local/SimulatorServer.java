package dev.parley.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The outside world on one port; it delivers its webhooks to the gateway. */
final class SimulatorServer implements StackPart {
    private static final String HEAP = "128m";

    private final StackSettings stack;

    SimulatorServer(StackSettings stack) {
        this.stack = stack;
    }

    @Override
    public Part part() {
        return Part.SIMULATORS;
    }

    @Override
    public Set<Part> needs() {
        return Set.of();
    }

    @Override
    public void prepare() {
        installed();
    }

    @Override
    public ProcessSpec process() {
        List<String> command = new ArrayList<>(
                StackSettings.java(HEAP, "-jar", installed().jar().toString()));
        return new ProcessSpec(
                command,
                Map.of(
                        "PARLEY_SIMULATORS_PORT",
                        Integer.toString(stack.ports().of(part())),
                        "PARLEY_SIMULATORS_SMTP_PORT",
                        Integer.toString(stack.ports().allOf(part()).getLast()),
                        "PARLEY_DATA_DIR",
                        stack.data().root().toString(),
                        "PARLEY_PUBLIC_URL",
                        stack.url(Part.GATEWAY),
                        "PARLEY_STRIPE_WEBHOOK_SECRET",
                        VendorSettings.STRIPE_WEBHOOK_SECRET,
                        "PARLEY_RAZORPAY_KEY_ID",
                        VendorSettings.RAZORPAY_KEY_ID,
                        "PARLEY_RAZORPAY_KEY_SECRET",
                        VendorSettings.RAZORPAY_KEY_SECRET,
                        "PARLEY_RAZORPAY_WEBHOOK_SECRET",
                        VendorSettings.RAZORPAY_WEBHOOK_SECRET,
                        "MALLOC_ARENA_MAX",
                        "2"),
                stack.data().root());
    }

    @Override
    public boolean answers() {
        return HttpProbe.ok(stack.url(part()) + "/_control/health");
    }

    @Override
    public void provision() {
        // The simulators are complete once they answer.
    }

    private InstalledJar installed() {
        return InstalledJar.of(
                stack.checkout().runtime(), part().key(), stack.checkout().simulatorsJar());
    }
}
