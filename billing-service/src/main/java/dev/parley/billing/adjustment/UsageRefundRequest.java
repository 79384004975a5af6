package dev.parley.billing.adjustment;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.UUID;

/** The operation whose charge is given back. */
record UsageRefundRequest(
        @NotNull UUID operationId,
        @NotBlank @Size(max = 500) String reason) {}
