package dev.parley.platform.event;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
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

    /**
     * The tenant that an event of the platform tells of, which is not the one that it is sealed for. Throws
     * {@link IllegalArgumentException} when it is not the platform's, or its header and its payload name two tenants.
     */
    public TenantId tenantTold() {
        if (!tenant.equals(TenantId.PLATFORM)) {
            throw new IllegalArgumentException("the event is not sealed for the platform");
        }
        TenantId told = as(Told.class).tenantId();
        if (told == null || told.equals(TenantId.PLATFORM) || !told.toString().equals(subject)) {
            throw new IllegalArgumentException("subject and payload of the event do not name the same tenant");
        }
        return told;
    }

    /** Reads the payload; unknown members are ignored, so that a producer may add some. */
    public <T> T as(Class<T> payload) {
        try {
            return mapper.readValue(data, payload);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    @RegisterForReflection
    record Told(@Nullable TenantId tenantId) {}
}
