package dev.parley.billing.customerinvoice;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.billing.money.Money;
import dev.parley.billing.profile.BillingProfile;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An invoice to a customer of the tenant; also how the API shows it.
 *
 * @param status draft, issued, paid or void
 * @param number without gaps per organisation and year; null for a draft
 * @param seller the tenant's billing profile as it was when it was issued
 * @param remindersSent how many payment reminders the customer got
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CustomerInvoice(
        UUID id,
        String status,
        @Nullable String number,
        Customer customer,
        @Nullable BillingProfile seller,
        List<InvoiceLine> lines,
        Money net,
        Money tax,
        Money total,
        @Nullable String note,
        LocalDate dueOn,
        @Nullable Instant issuedAt,
        @Nullable Instant paidAt,
        int remindersSent,
        @Nullable Instant nextReminderAt,
        Instant createdAt) {

    @JsonIgnore
    boolean isDraft() {
        return status.equals("draft");
    }

    @JsonIgnore
    boolean isOpen() {
        return status.equals("issued");
    }
}
