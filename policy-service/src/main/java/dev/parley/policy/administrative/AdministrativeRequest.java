package dev.parley.policy.administrative;

import dev.parley.policy.text.Storable;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.UUID;

/**
 * Asks whether staff may make a change.
 *
 * @param credits how many it moves, without a sign
 * @param tenantId the tenant that it is about: the one that the caller acts for
 * @param admin who wants it
 */
public record AdministrativeRequest(
        @NotNull AdministrativeAction action,
        @NotNull @Min(0) Long credits,
        @NotNull UUID tenantId,
        @NotBlank @Storable @Size(max = 200) String admin) {}
