package dev.parley.auth.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An erasure and its certificate.
 *
 * @param status running or done
 * @param waitingFor the services that have not erased their part yet
 * @param certificate the signed certificate (JWS, ES256); null while the erasure runs
 * @param keys the public keys that verify certificates, as a JWK set
 */
public record CertificateResponse(
        UUID id,
        String status,
        Instant requestedAt,
        @Nullable Instant completedAt,
        List<String> waitingFor,
        @Nullable String certificate,
        JsonNode keys) {}
