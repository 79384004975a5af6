package dev.parley.agent.httptool;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A new function of the tenant's own.
 *
 * @param name how agents' configurations and models call it; it stays
 * @param description what the model is told that it does
 * @param parameters JSON Schema of an object: what its arguments must be like
 * @param url where it is called with POST
 * @param secretHeader what is sent along so that the server knows who calls; may be absent
 * @param timeoutSeconds how long a call may take; 5 when absent
 * @param highImpact whether a person has to approve each call
 * @param enabled whether agents may call it; true when absent
 */
public record CreateToolRequest(
        @NotNull @Pattern(regexp = "[a-z_][a-z0-9_]{0,63}") String name,
        @NotBlank @Size(max = 1000) @Pattern(regexp = TEXT) String description,
        @NotNull JsonNode parameters,
        @NotNull @Size(min = 1, max = 2048) String url,
        @Valid SecretHeader secretHeader,
        @Min(1) @Max(10) Integer timeoutSeconds,
        Boolean highImpact,
        Boolean enabled) {
    /** Texts that the database takes and that no terminal or model reads as a command. */
    static final String TEXT = "(?s)[^\\p{Cc}\\p{Cs}&&[^\\t\\n\\r]]*";

    /** Names the function and neither its address nor its secret. */
    @Override
    public String toString() {
        return "CreateToolRequest[" + name + "]";
    }
}
