package dev.parley.channel.otp;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a one-time code to be sent.
 *
 * @param channelId the channel that sends it
 * @param to a number in E.164, a mail address or the id of a chat, as the channel has it
 * @param purpose what the code is for, as its recipient reads it, such as {@code login}
 * @param reference the transaction that the code is for, in the caller's terms: it is checked with the code
 * @param language a BCP 47 tag; English without it
 */
public record OtpRequest(
        @NotNull UUID channelId,
        @NotBlank @Size(max = 254) String to,

        @NotBlank
        @Size(max = 40)
        @Pattern(regexp = "[\\p{L}\\p{M}\\p{N} _-]*", message = "must be letters, digits, spaces, _ and -")
        String purpose,

        @NotBlank @Size(max = 128) String reference,
        @Nullable @Size(max = 35) String language) {}
