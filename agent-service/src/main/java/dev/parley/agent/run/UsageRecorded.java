package dev.parley.agent.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A reply was made and used this much; quantities by meter, and the hold that the caller named.
 *
 * @param releaseId what had brought the prompt version on duty: an activation or an experiment
 * @param cached whether the answer was given before, so that no model was asked
 * @param provider of the last call, as is the model
 * @param keyOwner who pays: {@code tenant} where its own keys paid for all that was asked, else {@code platform}
 * @param parts the tokens apart for each model and payer
 */
@RegisterForReflection
public record UsageRecorded(
        @JsonIgnore TenantId tenant,
        UUID operationId,
        UUID runId,
        String conversationId,
        String agent,
        String channel,
        int promptVersion,
        UUID promptVersionId,
        UUID releaseId,
        String finishReason,
        String provider,
        String model,
        Map<String, Integer> quantities,
        boolean estimated,
        String hold,
        String keyOwner,
        boolean cached,
        List<Spent.Part> parts)
        implements DomainEvent {
    @Override
    public String type() {
        return "agent.usage-recorded.v1";
    }

    @Override
    public String topic() {
        return "agent.usage.events";
    }

    @Override
    public String key() {
        return tenant.toString();
    }

    @Override
    public String subject() {
        return runId.toString();
    }
}
