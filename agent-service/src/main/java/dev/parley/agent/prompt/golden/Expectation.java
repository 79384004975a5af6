package dev.parley.agent.prompt.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.parley.agent.tool.JsonForm;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import java.util.Optional;

/**
 * What a reply must be like.
 *
 * @param kind {@code contains} and {@code not_contains} (a text, upper and lower case alike), {@code regex} (RE2, somewhere
 *     in the reply), {@code max_length} (characters), {@code json_schema} (the whole reply is JSON of this schema)
 * @param value what the kind wants
 */
public record Expectation(
        @NotNull @Size(max = 32) String kind, @NotNull JsonNode value) {
    private static final int LONGEST = 10_000;

    /** Whether a reply is as expected; the detail says what is not. */
    public record Verdict(String kind, JsonNode value, boolean passed, String detail) {}

    /** Why this expectation cannot be used; empty when it can. */
    Optional<String> objection() {
        return switch (kind) {
            case "contains", "not_contains" -> text("a text");
            case "regex" -> text("an RE2 pattern").or(this::regexObjection);
            case "max_length" ->
                value.isIntegralNumber() && value.canConvertToInt() && value.intValue() > 0
                        ? Optional.empty()
                        : Optional.of("max_length wants a number of characters");
            case "json_schema" -> schemaObjection();
            default ->
                Optional.of("there is no expectation " + kind
                        + ": take contains, not_contains, regex, max_length or json_schema");
        };
    }

    private Optional<String> text(String wanted) {
        boolean fit = value.isTextual()
                && !value.textValue().isEmpty()
                && value.textValue().length() <= LONGEST
                && value.textValue().indexOf('\0') < 0;
        return fit
                ? Optional.empty()
                : Optional.of(kind + " wants " + wanted + " of at most " + LONGEST + " characters");
    }

    private Optional<String> regexObjection() {
        try {
            Pattern.compile(value.textValue());
            return Optional.empty();
        } catch (PatternSyntaxException malformed) {
            return Optional.of("regex: " + malformed.getDescription());
        }
    }

    private Optional<String> schemaObjection() {
        if (!value.isObject() || value.toString().length() > LONGEST) {
            return Optional.of("json_schema wants a schema of at most " + LONGEST + " characters");
        }
        try {
            JsonForm.of(value);
            return Optional.empty();
        } catch (IllegalArgumentException unusable) {
            return Optional.of("json_schema is not a schema, or refers to another document");
        }
    }

    /** Judges a reply. */
    public Verdict judge(String reply) {
        Optional<String> fault =
                switch (kind) {
                    case "contains" -> found(reply) ? Optional.empty() : Optional.of("the reply does not contain it");
                    case "not_contains" -> found(reply) ? Optional.of("the reply contains it") : Optional.empty();
                    case "regex" ->
                        Pattern.compile(value.textValue()).matcher(reply).find()
                                ? Optional.empty()
                                : Optional.of("nothing in the reply fits");
                    case "max_length" -> lengthFault(reply);
                    case "json_schema" -> schemaFault(reply);
                    default -> throw new IllegalStateException("no expectation " + kind);
                };
        return new Verdict(kind, value, fault.isEmpty(), fault.orElse(null));
    }

    private boolean found(String reply) {
        return reply.toLowerCase(Locale.ROOT).contains(value.textValue().toLowerCase(Locale.ROOT));
    }

    private Optional<String> lengthFault(String reply) {
        int length = reply.codePointCount(0, reply.length());
        return length <= value.intValue() ? Optional.empty() : Optional.of("the reply has " + length + " characters");
    }

    private Optional<String> schemaFault(String reply) {
        return reply.strip().startsWith("```")
                ? Optional.of("The reply is not JSON alone.")
                : JsonForm.of(value).objection(reply);
    }
}
