package dev.parley.channel.account;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;

/**
 * An account at a messenger to be connected.
 *
 * @param type the messenger, such as {@code telegram}
 * @param credentials what the messenger needs; for Telegram {@code bot_token} and, if wanted, {@code secret_token}
 * @param agent the slug of the agent that answers
 */
public record ConnectChannelRequest(
        @NotBlank @Size(max = 40) String type,
        @NotBlank @Size(max = 120) String name,
        @NotNull @Size(max = 10) Map<String, @NotNull @Size(max = 4096) String> credentials,
        @NotBlank @Size(max = 100) String agent) {}
