package dev.parley.simulators.exchange;

import java.util.Locale;
import java.util.Optional;

/** The simulated vendors. */
public enum Provider {
    /** OpenAI-compatible and Anthropic models. */
    LLM,
    /** Payments. */
    STRIPE,
    /** Payments, in India. */
    RAZORPAY,
    /** Messenger. */
    TELEGRAM;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name used on the control plane: {@code llm}, {@code stripe}, {@code razorpay} or {@code telegram}. */
    public String label() {
        return label;
    }

    /** The provider of that label, or empty. */
    public static Optional<Provider> of(String label) {
        for (Provider provider : values()) {
            if (provider.label.equals(label)) {
                return Optional.of(provider);
            }
        }
        return Optional.empty();
    }
}
