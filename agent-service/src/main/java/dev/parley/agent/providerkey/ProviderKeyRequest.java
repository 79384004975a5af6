package dev.parley.agent.providerkey;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A tenant's own key at a provider.
 *
 * @param provider the provider's name in the catalogue
 * @param apiKey kept encrypted and never shown again
 */
public record ProviderKeyRequest(
        @NotNull @Pattern(regexp = "[a-z][a-z0-9-]{0,62}") String provider,

        @NotNull @Size(min = 8, max = 4096) @Pattern(regexp = "[\\x21-\\x7e]*")
        String apiKey) {
    /** Names the provider and never the key. */
    @Override
    public String toString() {
        return "ProviderKeyRequest[" + provider + "]";
    }
}
