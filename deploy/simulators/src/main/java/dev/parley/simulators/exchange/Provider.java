package dev.parley.simulators.exchange;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The simulated vendors. */
public enum Provider {
    /** OpenAI-compatible and Anthropic models. */
    LLM,
    /** Payments. */
    STRIPE,
    /** Payments, in India. */
    RAZORPAY,
    /** Messenger. */
    TELEGRAM,
    /** Messenger, by Meta. */
    WHATSAPP,
    /** SMS. */
    TWILIO,
    /** Notices on devices. */
    FCM;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name used on the control plane: {@code llm}, {@code stripe} and so on. */
    public String label() {
        return label;
    }

    /** All labels, as a sentence. */
    public static String labels() {
        return Stream.of(values()).map(Provider::label).collect(Collectors.joining(", "));
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
