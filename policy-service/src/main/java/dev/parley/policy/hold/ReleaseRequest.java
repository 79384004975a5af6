package dev.parley.policy.hold;

import dev.parley.policy.text.Storable;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Why a hold is given back.
 *
 * @param hold the id of the hold, as the decision gave it; without it the hold is looked for
 */
public record ReleaseRequest(
        @NotBlank @Storable @Size(max = 200) String reason,
        @Nullable @Size(max = 1000) String hold) {}
