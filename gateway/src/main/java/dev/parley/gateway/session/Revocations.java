package dev.parley.gateway.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/** Tells those who hold contexts which of them an event has ended. */
@ApplicationScoped
public class Revocations {
    private static final Logger LOG = Logger.getLogger(Revocations.class);

    private final JsonMapper json = new JsonMapper();
    private final List<Consumer<Predicate<CallerContext>>> holders = new CopyOnWriteArrayList<>();
    private volatile boolean arriving;

    /** Registers a holder of contexts; it is called with a test for those that are no longer valid. */
    public void onRevocation(Consumer<Predicate<CallerContext>> holder) {
        holders.add(holder);
    }

    /** Whether events reach us; while not, contexts must be confirmed by asking auth-service. */
    public boolean arriving() {
        return arriving;
    }

    void arriving(boolean now) {
        if (arriving != now) {
            LOG.infof("revocations %s", now ? "arrive" : "do not arrive: contexts are confirmed by asking");
        }
        arriving = now;
    }

    /** Acts on one event of auth-service; other types end nothing. */
    void receive(String type, String tenantId, byte[] payload) {
        Predicate<CallerContext> revoked = revokedBy(type, tenantId, read(payload));
        holders.forEach(holder -> holder.accept(revoked));
    }

    private static Predicate<CallerContext> revokedBy(String type, String tenantId, JsonNode event) {
        return switch (type) {
            case "auth.tenant-suspended.v1",
                    "auth.tenant-deleted.v1",
                    "auth.tenant-restored.v1",
                    "auth.erasure-requested.v1" -> {
                String tenant = event.path("tenant_id").asText(tenantId);
                yield context -> tenant.equals(context.tenantId());
            }
            case "auth.member-added.v1", "auth.member-changed.v1", "auth.member-removed.v1" -> {
                String user = event.path("user_id").asText();
                yield context -> user.equals(context.subject()) || ("user:" + user).equals(context.credentialId());
            }
            case "auth.api-key-revoked.v1" -> {
                String id = "api-key:" + event.path("api_key_id").asText();
                yield context -> id.equals(context.credentialId());
            }
            case "auth.session-ended.v1" -> {
                String session = event.path("session_id").asText();
                yield context ->
                        ("session:" + session).equals(context.credentialId()) || session.equals(context.sessionId());
            }
            default -> context -> false;
        };
    }

    private JsonNode read(byte[] payload) {
        try {
            return payload == null ? json.createObjectNode() : json.readTree(payload);
        } catch (IOException e) {
            LOG.error("an event of auth-service is not JSON");
            return json.createObjectNode();
        }
    }
}
