package dev.parley.agent.prompt.experiment;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.platform.event.DomainEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/**
 * A version did worse than it may and was taken off duty.
 *
 * @param watched experiment or activation
 * @param watchedId the experiment, or the activation that was taken back
 * @param number the version
 * @param backTo the version that answers instead
 * @param compared the figure of the version it was compared with; null where it broke its own limit
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PromptGuardBroken(
        UUID agentId,
        String agent,
        String watched,
        UUID watchedId,
        int number,
        UUID promptVersionId,
        int backTo,
        String metric,
        double observed,
        double limit,
        Double compared,
        long sample)
        implements DomainEvent {
    @Override
    public String type() {
        return "agent.prompt-guard-broken.v1";
    }

    @Override
    public String topic() {
        return "agent.run.events";
    }

    @Override
    public String key() {
        return agentId.toString();
    }

    @Override
    public String subject() {
        return watchedId.toString();
    }
}
