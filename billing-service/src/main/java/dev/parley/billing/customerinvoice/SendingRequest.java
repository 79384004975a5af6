package dev.parley.billing.customerinvoice;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Where to send an invoice; to its customer when absent. */
record SendingRequest(@Nullable @Email @Size(max = 254) String to) {}
