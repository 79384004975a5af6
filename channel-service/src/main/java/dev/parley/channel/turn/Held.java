package dev.parley.channel.turn;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;

/** A message that was stored and that the bot does not answer, because a person has the conversation or is awaited. */
public record Held(MessageView message, UUID operationId) implements Said {
    /** The status of such a message. */
    public static final String STATUS = "held_by_staff";

    /** What became of it, as the operation's state is told. */
    @JsonProperty
    public String state() {
        return STATUS;
    }
}
