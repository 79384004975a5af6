package dev.parley.platform.event;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event from another service.
 *
 * @param data the payload as JSON text in UTF-8
 */
public record ReceivedEvent(
        UUID id,
        String type,
        TenantId tenant,
        String subject,
        Instant time,
        String key,
        byte[] data,
        @Nullable UUID operationId,
        @Nullable String traceparent,
        ObjectMapper mapper) {
    ReceivedEvent withData(byte[] opened) {
        return new ReceivedEvent(id, type, tenant, subject, time, key, opened, operationId, traceparent, mapper);
    }

    /** Reads the payload; unknown members are ignored, so that a producer may add some. */
    public <T> T as(Class<T> payload) {
        try {
            return mapper.readValue(data, payload);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
