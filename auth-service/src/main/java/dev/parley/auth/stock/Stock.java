package dev.parley.auth.stock;

/** Something a tenant has a number of, which its plan may limit. */
public enum Stock {
    /** Members, and people who were invited and may still come. */
    SEATS("seats"),
    /** API keys that work. */
    KEYS("keys");

    private final String meter;

    Stock(String meter) {
        this.meter = meter;
    }

    /** What plans and policy-service call it. */
    String meter() {
        return meter;
    }
}
