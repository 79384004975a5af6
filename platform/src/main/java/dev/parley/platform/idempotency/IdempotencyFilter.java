package dev.parley.platform.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.idempotency.IdempotencyRecords.Slot;
import dev.parley.platform.idempotency.IdempotencyRecords.Stored;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Honours {@code Idempotency-Key} on every POST: the first answer is kept and given again; another body is 422, a
 * request that still runs 409. Answers that a
 * repetition may change (402, 403, 409, 429 and from 500 on) are not kept. Streams, and bodies that are too long to be held in memory, are left to the resource.
 */
@Provider
@Priority(Priorities.USER)
public final class IdempotencyFilter implements ContainerRequestFilter, ContainerResponseFilter {
    private static final String HEADER = "Idempotency-Key";
    private static final String SLOT = "parley.idempotency.slot";
    private static final int LONGEST_KEY = 255;
    private static final int LONGEST_BODY = 1 << 20;
    private static final Set<Integer> RETRYABLE = Set.of(402, 403, 409, 429);

    private final IdempotencyRecords records;
    private final CurrentCaller caller;
    private final ObjectMapper mapper;

    private final byte[] fingerprintKey;

    IdempotencyFilter(
            IdempotencyRecords records,
            CurrentCaller caller,
            ObjectMapper mapper,
            @ConfigProperty(name = "parley.service.secret") String secret) {
        this.records = records;
        this.caller = caller;
        this.mapper = mapper;
        this.fingerprintKey = secret.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        String key = key(request);
        if (key == null) {
            return;
        }
        InputStream entity = request.getEntityStream();
        byte[] body = entity.readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) {
            request.setEntityStream(new SequenceInputStream(new ByteArrayInputStream(body), entity));
            return;
        }
        request.setEntityStream(new ByteArrayInputStream(body));
        Slot slot = slot(request, key);
        Optional<Stored> stored = records.claim(slot, fingerprint(body));
        if (stored.isEmpty()) {
            request.setProperty(SLOT, slot);
            return;
        }
        request.abortWith(replay(stored.get(), fingerprint(body)));
    }

    private static @Nullable String key(ContainerRequestContext request) {
        String header = request.getHeaderString(HEADER);
        if (header == null || !request.getMethod().equals("POST")) {
            return null;
        }
        String path = request.getUriInfo().getPath();
        if (path.startsWith("/internal/") || path.startsWith("/webhooks/")) {
            return null;
        }
        String accept = request.getHeaderString("Accept");
        if (accept != null && accept.contains(MediaType.SERVER_SENT_EVENTS)) {
            return null;
        }
        String key = header.length() >= 2 && header.startsWith("\"") && header.endsWith("\"")
                ? header.substring(1, header.length() - 1)
                : header;
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            throw new Problem(CommonProblem.BAD_REQUEST).detail("the Idempotency-Key must have 1 to 255 characters");
        }
        return key;
    }

    private Slot slot(ContainerRequestContext request, String key) {
        Caller known = caller.isPresent() ? caller.get() : null;
        TenantId tenant = known == null || known.tenantOrNull() == null ? TenantId.PLATFORM : known.tenantOrNull();
        String subject = known == null ? "anonymous" : known.subject();
        return new Slot(tenant, subject + " POST " + request.getUriInfo().getPath(), key);
    }

    private static Response replay(Stored stored, String fingerprint) {
        if (!stored.fingerprint().equals(fingerprint)) {
            throw new Problem(CommonProblem.IDEMPOTENCY_KEY_REUSED);
        }
        if (stored.status() == null) {
            throw new Problem(CommonProblem.IDEMPOTENCY_KEY_IN_USE).header("Retry-After", "1");
        }
        Response.ResponseBuilder answer = Response.status(stored.status()).header("Idempotent-Replayed", "true");
        return stored.body() == null
                ? answer.build()
                : answer.type(stored.contentType()).entity(stored.body()).build();
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(SLOT) instanceof Slot slot)) {
            return;
        }
        MediaType type = response.getMediaType();
        boolean stream = type != null && type.isCompatible(MediaType.SERVER_SENT_EVENTS_TYPE);
        if (!isFinal(response.getStatus()) || stream) {
            records.abandon(slot);
            return;
        }
        records.complete(slot, response.getStatus(), type == null ? null : type.toString(), body(response));
    }

    /** Whether the answer is for good: not when something was busy, limited or broken, or may be allowed later. */
    private static boolean isFinal(int status) {
        return status < 500 && !RETRYABLE.contains(status);
    }

    private @Nullable String body(ContainerResponseContext response) {
        Object entity = response.getEntity();
        try {
            return entity == null || entity instanceof String ? (String) entity : mapper.writeValueAsString(entity);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the answer cannot be kept", e);
        }
    }

    /** Keyed, because a plain hash of a body with a password would let its reader try passwords. */
    private String fingerprint(byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(fingerprintKey, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
