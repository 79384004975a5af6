package dev.parley.agent.configuration;

import com.fasterxml.jackson.annotation.JsonIgnore;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a tenant sets of an agent; everything may be absent.
 *
 * @param persona who the agent is: its character and tone
 * @param goals what it is to achieve
 * @param industry the business that it works for
 * @param keywords what it is to listen for
 * @param variables values of variables that the agent's prompt declares
 * @param tools the functions of the platform that it may use; absent: none
 * @param answerCache whether the same question may get the same answer again
 * @param schedule when the agent answers; absent: always
 * @param filters which messages it takes; absent: all
 */
public record Configuration(
        @Size(max = 4000) @Pattern(regexp = TEXT) String persona,
        @Size(max = 4000) @Pattern(regexp = TEXT) String goals,
        @Size(max = 200) @Pattern(regexp = TEXT) String industry,

        @Size(max = 100) List<@NotBlank @Size(max = 100) @Pattern(regexp = TEXT) String> keywords,

        @Size(max = 50)
        Map<
                        @Pattern(regexp = "[A-Za-z_][A-Za-z0-9_.-]{0,62}") String,
                        @NotNull @Size(max = 4000) @Pattern(regexp = TEXT) String>
                variables,

        @Size(max = 50) List<@NotNull @Pattern(regexp = "[A-Za-z_][A-Za-z0-9_.-]{0,63}") String> tools,
        @Valid AnswerCache answerCache,
        @Valid Schedule schedule,
        @Valid Filters filters) {
    /** Texts that the database takes, and that no terminal or model reads as a command: tabs and line feeds are fine. */
    static final String TEXT = "(?s)[^\\p{Cc}\\p{Cs}&&[^\\t\\n\\r]]*";

    /** Nothing set. */
    public static final Configuration NONE = new Configuration(null, null, null, null, null, null, null, null, null);

    /** Whether and for how long answers are kept. */
    public record AnswerCache(
            boolean enabled, @Min(60) @Max(604_800) Integer maxAgeSeconds) {}

    /**
     * What is put in place of variables, by name: those that are set here, and {@code persona}, {@code goals}, {@code
     * industry} and {@code keywords} as texts. No value holds anything that reads as a placeholder.
     */
    @JsonIgnore
    public Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        put(values, "persona", persona);
        put(values, "goals", goals);
        put(values, "industry", industry);
        put(values, "keywords", keywords == null ? null : String.join(", ", keywords));
        if (variables != null) {
            variables.forEach((name, value) -> put(values, name, value));
        }
        return values;
    }

    private static void put(Map<String, String> values, String name, String value) {
        if (value != null) {
            values.put(name, closed(value));
        }
    }

    /** Takes braces that stand together apart. */
    private static String closed(String value) {
        if (value.indexOf('{') < 0 && value.indexOf('}') < 0) {
            return value;
        }
        return value.replaceAll("\\{(?=\\{)", "{ ").replaceAll("\\}(?=\\})", "} ");
    }
}
