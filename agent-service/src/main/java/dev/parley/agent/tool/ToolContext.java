package dev.parley.agent.tool;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/**
 * On whose behalf a function works.
 *
 * @param operationId the same when a run is made again after a crash
 * @param conversationId null outside of a conversation
 * @param effects what the function wants the channel to do
 * @param trial whether a prompt version is only tried: nothing of the tenant's own is called
 */
public record ToolContext(
        TenantId tenant,
        UUID operationId,
        UUID runId,
        String conversationId,
        String agent,
        String channel,
        ToolEffects effects,
        boolean trial) {
    /** Of what is no trial. */
    public ToolContext(
            TenantId tenant,
            UUID operationId,
            UUID runId,
            String conversationId,
            String agent,
            String channel,
            ToolEffects effects) {
        this(tenant, operationId, runId, conversationId, agent, channel, effects, false);
    }
}
