package dev.parley.auth.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.crypto.Sha256;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an audit event told, in the one form that is hashed.
 *
 * @param before canonical JSON, or null
 * @param after canonical JSON, or null
 * @param ticket the support case that Parley's staff named
 * @param staff whether Parley's staff acted on a tenant that is not its own
 * @param accessId the break-glass grant under which something was read
 */
public record AuditFact(
        UUID eventId,
        Instant at,
        String actor,
        String action,
        String resourceType,
        @Nullable String resourceId,
        @Nullable String before,
        @Nullable String after,
        @Nullable String reason,
        @Nullable UUID operationId,
        @Nullable String ticket,
        boolean staff,
        @Nullable UUID accessId) {
    /** What the first entry of every tenant has as the hash before it. */
    public static final String GENESIS = "0".repeat(64);

    private static final ObjectMapper PLAIN = new ObjectMapper();

    /** Times are kept to the microsecond, as the database keeps them, so that a read entry hashes the same. */
    public AuditFact {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * The chained hash: SHA-256, in hexadecimal, of the previous hash, the place and every member in a fixed order; the
     * last three only where they say something. docs/guides/audit-trail.md describes it for those who check it.
     */
    public String hash(String previousHash, long seq) {
        ObjectNode entry = PLAIN.createObjectNode();
        entry.put("previous_hash", previousHash);
        entry.put("seq", seq);
        entry.put("event_id", eventId.toString());
        entry.put("at", at.toString());
        entry.put("actor", actor);
        entry.put("action", action);
        entry.put("resource_type", resourceType);
        entry.put("resource_id", resourceId);
        entry.put("before", before);
        entry.put("after", after);
        entry.put("reason", reason);
        entry.put("operation_id", operationId == null ? null : operationId.toString());
        if (ticket != null) {
            entry.put("ticket", ticket);
        }
        if (staff) {
            entry.put("staff", true);
        }
        if (accessId != null) {
            entry.put("access_id", accessId.toString());
        }
        return Sha256.hex(entry.toString());
    }

    /** JSON without spaces and with sorted members; null stays null. */
    static @Nullable String canonical(@Nullable JsonNode node) {
        return node == null || node.isNull() || node.isMissingNode()
                ? null
                : sorted(node).toString();
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            Map<String, JsonNode> members = new TreeMap<>();
            node.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
            ObjectNode object = PLAIN.createObjectNode();
            members.forEach(object::set);
            return object;
        }
        if (node.isArray()) {
            List<JsonNode> items = node.valueStream().map(AuditFact::sorted).toList();
            return PLAIN.createArrayNode().addAll(items);
        }
        return node;
    }
}
