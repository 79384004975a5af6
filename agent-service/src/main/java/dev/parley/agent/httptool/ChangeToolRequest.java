package dev.parley.agent.httptool;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * What to change of a function; what is absent stays.
 *
 * @param url on another host it needs the secret header again, where there is one: no secret goes where it was not meant for
 */
public record ChangeToolRequest(
        @Size(min = 1, max = 1000) @Pattern(regexp = CreateToolRequest.TEXT)
        String description,

        JsonNode parameters,
        @Size(min = 1, max = 2048) String url,
        @Valid SecretHeader secretHeader,
        @Min(1) @Max(10) Integer timeoutSeconds,
        Boolean highImpact,
        Boolean enabled) {
    /** Shows neither address nor secret. */
    @Override
    public String toString() {
        return "ChangeToolRequest[]";
    }
}
