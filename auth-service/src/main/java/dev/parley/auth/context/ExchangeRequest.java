package dev.parley.auth.context;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A credential that the gateway wants to exchange.
 *
 * @param service the gateway's name
 * @param secret the gateway's secret
 * @param kind {@code bearer}, {@code api-key} or {@code session}
 * @param credential what the client sent
 * @param tenantId which of its tenants the client wants to act for, or null for its first
 */
public record ExchangeRequest(
        @NotNull String service,
        @NotNull String secret,
        @NotNull String kind,
        @NotNull @Size(max = 65536) String credential,
        @Nullable String tenantId) {
    @Override
    public String toString() {
        return "ExchangeRequest[kind=" + kind + "]";
    }
}
