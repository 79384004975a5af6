package dev.parley.channel.account;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to change of a connected account; what is absent stays.
 *
 * @param status {@code active}, or {@code paused}: messages are taken but not answered
 * @param signatureMode {@code enforce}, or {@code observe}: messages with a wrong signature are taken and counted, for
 *     three days at most
 * @param credentials new credentials of the same account at the messenger; those that are not named stay, and webhooks
 *     signed with what was replaced are taken for another day
 * @param heldTemplate what is sent to a customer who wrote too long ago to get the answer itself; with an empty name
 *     nothing is
 * @param previousCredentials {@code revoke} ends that day now, for secrets that others know
 */
public record ChangeChannelRequest(
        @Nullable @Size(min = 1, max = 120) @Pattern(regexp = ".*\\S.*", message = "must not be blank")
        String name,

        @Nullable @Size(min = 1, max = 100) String agent,

        @Nullable @Pattern(regexp = "active|paused", message = "must be active or paused")
        String status,

        @Nullable @Pattern(regexp = "observe|enforce", message = "must be observe or enforce")
        String signatureMode,

        @Nullable @Size(max = 10) Map<String, @NotNull @Size(max = 4096) String> credentials,

        @Nullable @Pattern(regexp = "revoke", message = "must be revoke")
        String previousCredentials,

        @Nullable @Valid HeldTemplate heldTemplate) {}
