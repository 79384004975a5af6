package dev.parley.billing.invoice;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Where to send an invoice; to the billing profile's address, else the owner's, when absent. */
record InvoiceSendingRequest(
        @Nullable @Email @Size(max = 254) String to) {}
