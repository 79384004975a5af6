package dev.parley.billing.tenantdata;

import dev.parley.platform.data.Database;
import dev.parley.platform.lifecycle.TenantData;
import dev.parley.platform.lifecycle.TenantTable;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Ledger and invoices stay because the law wants books; they name nobody, only the tenant's number. */
@ApplicationScoped
class BillingTenantData implements TenantData {
    private static final String BOOKS =
            "books must be kept by tax law; rows hold amounts, times and the tenant's number, no name and no address";
    private static final String STATE = "one row: where the subscription stands now";
    private static final List<TenantTable> TABLES = List.of(
            TenantTable.named("usage_log").exported("usage", "usage_id", """
                usage_id, operation_id, at, agent, channel, user_id, conversation_id, meter, quantity, credits,
                estimated
                """).retained("usage", "at < :cutoff"),
            TenantTable.named("model_usage")
                    .notExported("what runs cost us, not what they cost the tenant")
                    .retained("usage", "at < :cutoff"),
            TenantTable.named("ledger_transfer")
                    .exported("ledger", "id", """
                        id, kind, debit_account, credit_account, credits, operation_id, occurred_at
                        """)
                    .kept(BOOKS)
                    .notRetained(BOOKS),
            TenantTable.named("ledger_close")
                    .exported("ledger-closes", "day", """
                        day, transfers, digest, sums, balances, faults, previous_hash, hash, created_at
                        """)
                    .kept(BOOKS)
                    .notRetained(BOOKS),
            TenantTable.named("approval").exported("approvals", "id", """
                id, action, credits, request, reason, status, requested_by, decided_by, decided_at, created_at
                """).notRetained("tells who agreed to what"),
            TenantTable.named("credit_adjustment")
                    .exported("credit-adjustments", "id", """
                        id, source, credits, applied, lot_id, operation_id, reason, requested_by, approved_by, created_at
                        """)
                    .notRetained("the ledger refers to it"),
            TenantTable.named("reconciliation_drift")
                    .exported("reconciliation-drifts", "id", """
                        id, kind, subject, expected, found, repair, echoed_at, state, repaired_by, repaired_at, created_at
                        """)
                    .notRetained("tells what was put right, and why"),
            TenantTable.named("invoice_party")
                    .exported("invoice-parties", "invoice_id", """
                        invoice_id, seller, buyer, created_at
                        """)
                    .notRetained("an invoice without its buyer is none"),
            TenantTable.named("invoice_number")
                    .notExported("the last number of each year, which the invoices tell too")
                    .kept(BOOKS)
                    .notRetained(BOOKS),
            TenantTable.named("credit_note")
                    .exported("credit-notes", "id", """
                        id, invoice_id, refund_id, number, status, amount, net, taxes, issued_at
                        """)
                    .kept(BOOKS)
                    .notRetained(BOOKS),
            TenantTable.named("credit_note_number")
                    .notExported("the last number of each year, which the credit notes tell too")
                    .kept(BOOKS)
                    .notRetained(BOOKS),
            TenantTable.named("billing_profile")
                    .exported("billing-profile", "tenant_id", """
                        name, address, country, vat_id, gstin, email, updated_by, created_at, updated_at
                        """)
                    .notRetained("one row: whom invoices are made out to"),
            TenantTable.named("billing_contact")
                    .exported("billing-contact", "tenant_id", "email, name, created_at, updated_at")
                    .notRetained("one row: whom mails about money go to"),
            TenantTable.named("mail")
                    .exported("mails", "id", "id, recipient, status, attempts, created_at, updated_at")
                    .notRetained("the mail worker deletes what was sent or given up"),
            TenantTable.named("dunning_mail")
                    .exported("payment-reminders", "past_due_since, step", "past_due_since, step, created_at")
                    .notRetained("tells which reminders were sent"),
            TenantTable.named("customer_invoice")
                    .exported("customer-invoices", "id", """
                        id, status, number, customer, seller, currency, lines, net, tax, total, note, due_on, issued_at,
                        paid_at, reminders_sent, created_by, created_at, updated_at
                        """)
                    .notRetained("the tenant's own books"),
            TenantTable.named("customer_invoice_number")
                    .notExported("the last number of each year, which the invoices tell too")
                    .notRetained("counts on"),
            TenantTable.named("credit_warning")
                    .exported("credit-warnings", "period_start, percent", "period_start, percent, created_at")
                    .notRetained("tells which warnings were sent"),
            TenantTable.named("invoice")
                    .exported("invoices", "id", """
                        id, own_number, provider, provider_invoice_id, number, status, amount, currency, net, taxes,
                        tax_notes, place_of_supply, plan_code, plan_version, period_start, period_end, issued_at, paid_at
                        """)
                    .kept(BOOKS)
                    .notRetained(BOOKS),
            TenantTable.named("credit_lot").exported("credit-grants", "id", """
                id, source, credits, expires_at, reason, closed_at, unspent, paid_provider, paid_amount,
                paid_currency, created_at, created_by
                """).notRetained("the ledger refers to it"),
            TenantTable.named("checkout").exported("checkouts", "id", """
                id, status, plan_code, plan_version, pack_code, pack_version, provider, amount, currency, provider_session_id, created_by,
                created_at, updated_at
                """).notRetained("tells who bought what"),
            TenantTable.named("subscription_history")
                    .exported("subscription-history", "version", """
                        version, status, plan_code, plan_version, cause, created_at
                        """)
                    .notRetained("tells which terms applied when"),
            TenantTable.named("provider_subscription")
                    .exported("provider-subscriptions", "provider, provider_subscription_id", """
                        provider, provider_subscription_id, superseded_at, cancelled_at, created_at
                        """)
                    .notRetained("tells which subscriptions of the payment provider are ours"),
            TenantTable.named("razorpay_ending")
                    .notExported("a note of what a payment provider is to be told")
                    .notRetained(STATE),
            TenantTable.named("plan_change")
                    .exported("plan-changes", "id", """
                        id, status, timing, provider, provider_subscription_id, from_code, from_version, to_code,
                        to_version, charged, currency, credits, created_by, created_at, updated_at
                        """)
                    .notRetained("tells who changed the plan, and what that cost"),
            TenantTable.named("payment_refund")
                    .exported("payment-refunds", "id", """
                        id, lot_id, invoice_id, status, provider, paid_amount, amount, currency, unspent, reason, created_by, approved_by,
                        created_at, updated_at
                        """)
                    .kept(BOOKS)
                    .notRetained(BOOKS),
            TenantTable.named("overage_charge")
                    .exported("overage-charges", "id", """
                        id, status, plan_code, plan_version, period_start, period_end, credits, amount, currency, provider,
                        lot_id, paid_at, created_at, updated_at
                        """)
                    .kept(BOOKS)
                    .notRetained(BOOKS),
            TenantTable.named("tenant_clock").notExported("the clock of a test").notRetained(STATE),
            TenantTable.named("provider_clock")
                    .notExported("the clock of a test")
                    .notRetained(STATE),
            TenantTable.named("trial_request")
                    .notExported("a note that a trial is to begin")
                    .notRetained(STATE),
            TenantTable.named("subscription")
                    .exported("subscription", "tenant_id", """
                        version, status, plan_code, plan_version, provider, provider_customer_id,
                        provider_subscription_id, current_period_start, current_period_end, cancel_at_period_end,
                        trial_end, past_due_since, pending_plan_code, pending_plan_version, created_at, updated_at
                        """)
                    .notRetained(STATE));

    private final PaymentFarewellFlow payments;

    BillingTenantData(PaymentFarewellFlow payments) {
        this.payments = payments;
    }

    @Override
    public List<TenantTable> tables() {
        return TABLES;
    }

    /** A tenant that is gone must not be charged again, and the provider's raw notices about it go too. */
    @Override
    public void leave(TenantId tenant, Database database) {
        payments.end(tenant);
    }
}
