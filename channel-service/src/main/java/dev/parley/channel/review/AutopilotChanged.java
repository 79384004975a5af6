package dev.parley.channel.review;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.platform.event.DomainEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An agent's replies on a messenger go out by themselves from now on, or do so no more.
 *
 * @param mode {@code autopilot}, {@code review}, or {@code off} when the rule was removed
 * @param cause {@code earned} or {@code withdrawn} by a person, {@code fell_back} by itself
 * @param rate the share of the latest reviewed drafts that people approved unchanged
 * @param reviewed how many drafts that are
 * @param changedBy the person, or the service itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutopilotChanged(
        String agent,
        String channel,
        String mode,
        String cause,
        double rate,
        long reviewed,
        double threshold,
        @Nullable String changedBy,
        Instant at)
        implements DomainEvent {
    @Override
    public String type() {
        return "channel.autopilot-changed.v1";
    }

    @Override
    public String topic() {
        return MessageEvent.TOPIC;
    }

    @Override
    public String key() {
        return agent + "/" + channel;
    }

    @Override
    public String subject() {
        return key();
    }
}
