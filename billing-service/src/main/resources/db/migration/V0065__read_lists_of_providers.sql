-- Reconciliation goes through what a provider lists of all tenants, to find what nobody told us of.
grant select (tenant_id, provider, provider_invoice_id) on app.invoice to ${relay_role};
grant select (tenant_id, id, grant_key, paid_provider, paid_payment) on app.credit_lot to ${relay_role};
grant select (pack_code, provider_session_id) on app.checkout to ${relay_role};
create index provider_subscription_provider_ix on app.provider_subscription (provider, provider_subscription_id);
create index credit_lot_paid_payment_ix on app.credit_lot (paid_provider, paid_payment) where paid_payment is not null;
