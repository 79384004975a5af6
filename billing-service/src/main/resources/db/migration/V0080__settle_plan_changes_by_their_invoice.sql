-- The invoice that charged a change: it pays for one change, and a change that was thought not to be made is found by it.
-- To take back what waits for the period's end is an intent too, so that one thing at a time is done to a subscription.
alter table app.plan_change
    add column provider_invoice_id text,
    drop constraint plan_change_timing_ck,
    add constraint plan_change_timing_ck check (timing in ('now', 'period_end', 'withdrawal')),
    add constraint plan_change_tenant_id_provider_invoice_uq unique (tenant_id, provider, provider_invoice_id);
