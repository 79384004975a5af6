package dev.parley.policy.engine;

/** Names of the meters that the engine itself treats in a special way; all others are plain names. */
public final class Meters {
    /** One message of an end customer or user that is answered. */
    public static final String MESSAGE = "message";
    /** Tokens sent to a language model. */
    public static final String INPUT_TOKENS = "llm.input_tokens";
    /** Tokens that a language model made. */
    public static final String OUTPUT_TOKENS = "llm.output_tokens";

    private Meters() {}
}
