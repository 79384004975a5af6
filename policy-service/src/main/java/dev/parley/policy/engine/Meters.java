package dev.parley.policy.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The catalogue of meters: a meter in here costs nothing where a plan has no price for it, any other is refused. */
public final class Meters {
    /** One message of an end customer or user that is answered. */
    public static final String MESSAGE = "message";
    /** Tokens sent to a language model. */
    public static final String INPUT_TOKENS = "llm.input_tokens";
    /** Tokens that a language model made. */
    public static final String OUTPUT_TOKENS = "llm.output_tokens";
    /** One lead that was found. */
    public static final String LEAD = "lead";

    private static final String MESSAGES = "messages";
    private static final String LEADS = "leads";
    private static final Set<String> STOCKS = Set.of("seats", "keys");
    private static final Set<String> FLOWS =
            Set.of(MESSAGE, INPUT_TOKENS, OUTPUT_TOKENS, LEAD, "tasks", "posts", "emails", MESSAGES, LEADS);
    private static final Map<String, String> QUOTA_OF = Map.of(MESSAGE, MESSAGES, LEAD, LEADS);

    private Meters() {}

    /** Whether the meter is in the catalogue. */
    static boolean isKnown(String meter) {
        return FLOWS.contains(meter) || STOCKS.contains(meter);
    }

    /** Whether the meter is of what a tenant has, such as seats, and not of what it uses in a period. */
    static boolean isStock(String meter) {
        return STOCKS.contains(meter);
    }

    /**
     * What these quantities take of the quotas of a period, by the quotas' names: each meter takes of the quota of its
     * name, a {@code message} also of {@code messages} and a {@code lead} of {@code leads}.
     */
    public static Map<String, Long> counted(Map<String, Long> quantities, Set<String> quotas) {
        if (quotas.isEmpty()) {
            return Map.of();
        }
        Map<String, Long> counted = new HashMap<>();
        quantities.forEach((meter, quantity) -> {
            if (quotas.contains(meter) && !isStock(meter)) {
                counted.merge(meter, quantity, Long::sum);
            }
            String quota = QUOTA_OF.get(meter);
            if (quota != null && quotas.contains(quota)) {
                counted.merge(quota, quantity, Long::sum);
            }
        });
        return counted;
    }
}
