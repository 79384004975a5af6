package dev.parley.channel.draft;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One decision on many drafts.
 *
 * @param ids 1 to 100 drafts
 * @param decision {@code approve} or {@code reject}
 * @param reason of a rejection
 */
public record DecisionsRequest(
        @NotNull @Size(min = 1, max = 100) List<@NotNull UUID> ids,

        @NotNull @Pattern(regexp = "approve|reject", message = "must be approve or reject")
        String decision,

        @Nullable @Size(max = 500) String reason) {
    boolean approves() {
        return "approve".equals(decision);
    }
}
