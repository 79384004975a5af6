package dev.parley.agent.prompt.split;

import dev.parley.platform.crypto.Sha256;
import dev.parley.platform.tenancy.TenantId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Versions of one agent that answer side by side, each conversation always by the same one.
 *
 * @param status running, stopped (by somebody), promoted (with a winner) or broken (by a guard)
 * @param minimumSample how much of each version must have been seen before a guard judges it
 * @param reason why it ended
 */
public record Experiment(
        UUID id,
        UUID agentId,
        String name,
        String status,
        List<Arm> arms,
        List<Guard> guards,
        int minimumSample,
        String reason,
        Integer winner,
        Instant createdAt,
        String createdBy,
        Instant endedAt,
        String endedBy) {
    private static final double RANGE = 0x1p53;

    /** Whether it still decides who answers. */
    public boolean running() {
        return status.equals("running");
    }

    /** The arm that is the active version. */
    public Arm control() {
        return arms.stream().filter(Arm::control).findFirst().orElseThrow();
    }

    /** The arm of a conversation: the same for ever, evenly spread by weight; the control where there is no conversation. */
    public Arm armOf(TenantId tenant, String conversationId) {
        if (conversationId == null) {
            return control();
        }
        long total = arms.stream().mapToLong(Arm::weight).sum();
        double place = fraction(id + "/" + tenant + "/" + conversationId) * total;
        for (Arm arm : arms) {
            place -= arm.weight();
            if (place < 0) {
                return arm;
            }
        }
        return arms.getLast();
    }

    /** A number from 0 to below 1 that the text alone decides. */
    private static double fraction(String text) {
        return (ByteBuffer.wrap(Sha256.of(text)).getLong() >>> 11) / RANGE;
    }
}
