package dev.parley.agent.provider;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * A change of a provider; what is left out stays.
 *
 * @param apiKey the new key, kept encrypted and never shown again
 * @param fallbacks what is asked instead when it fails, in that order: {@code name} or {@code name/model}
 * @param reads the types of files, beside pictures, that its models read
 */
public record UpdateProviderRequest(
        @Size(max = 500) String baseUrl,

        @Size(min = 1, max = 4096) @Pattern(regexp = "[\\x21-\\x7e]*")
        String apiKey,

        @Size(max = 100) List<@NotBlank @Size(max = 200) @Pattern(regexp = "(?s)[^\\x00]*") String> models,
        @Size(max = 5) List<@NotNull @Pattern(regexp = Fallback.FORM) String> fallbacks,
        @Size(max = 20) List<@NotNull @Pattern(regexp = ReadableFiles.FORM) String> reads) {
    /** Names no key. */
    @Override
    public String toString() {
        return "UpdateProviderRequest[]";
    }
}
