package dev.parley.auth.member;

import jakarta.validation.constraints.NotNull;
import java.util.UUID;

/** The member that becomes owner. */
public record OwnershipTransferRequest(@NotNull UUID userId) {}
