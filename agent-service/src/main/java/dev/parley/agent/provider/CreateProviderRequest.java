package dev.parley.agent.provider;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * A new provider.
 *
 * @param kind openai (any compatible server), anthropic, google or demo
 * @param baseUrl the address with the API version, such as {@code https://api.openai.com/v1}; the vendor's own when absent
 * @param apiKey kept encrypted and never shown again
 * @param models the models that prompt versions may name; the first is the default. Empty: any
 * @param fallbacks what is asked instead when it fails, in that order: {@code name} or {@code name/model}
 * @param reads the types of files, beside pictures, that its models read; absent: those that its kind reads
 */
public record CreateProviderRequest(
        @NotNull @Pattern(regexp = "[a-z][a-z0-9-]{0,62}") String name,
        @NotNull String kind,
        @Size(max = 500) String baseUrl,

        @Size(min = 1, max = 4096) @Pattern(regexp = "[\\x21-\\x7e]*")
        String apiKey,

        @Size(max = 100) List<@NotBlank @Size(max = 200) @Pattern(regexp = "(?s)[^\\x00]*") String> models,
        @Size(max = 5) List<@NotNull @Pattern(regexp = Fallback.FORM) String> fallbacks,
        @Size(max = 20) List<@NotNull @Pattern(regexp = ReadableFiles.FORM) String> reads) {
    /** Names the provider and never its key. */
    @Override
    public String toString() {
        return "CreateProviderRequest[" + name + ", " + kind + "]";
    }
}
