package dev.parley.channel.conversation;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Opens a conversation with the agent of that slug. */
public record StartConversationRequest(
        @NotBlank @Size(max = 100) String agent) {}
