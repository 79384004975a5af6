-- A payment that brought nothing can be given back: of a subscription that another one replaced. Such a refund names the
-- invoice, or a lot that ended with the replacement; nothing has to be closed, so the provider is asked at once. A refund
-- that was made can still fail (done, then refused), so it is looked at again when a webhook tells of it.
alter table app.payment_refund
    alter column lot_id drop not null,
    alter column lot_credits drop not null,
    add column invoice_id uuid,
    add constraint payment_refund_subject_ck check (num_nonnulls(lot_id, invoice_id) = 1),
    add constraint payment_refund_tenant_id_invoice_id_fk foreign key (tenant_id, invoice_id)
        references app.invoice (tenant_id, id);
create unique index payment_refund_tenant_id_invoice_id_uq on app.payment_refund (tenant_id, invoice_id)
    where status <> 'refused';
drop index app.payment_refund_next_check_at_ix;
create index payment_refund_next_check_at_ix on app.payment_refund (next_check_at)
    where status in ('unknown', 'pending', 'done') and next_check_at is not null;
drop index app.payment_refund_provider_ix;
create index payment_refund_provider_ix on app.payment_refund (provider, provider_refund_id)
    where status in ('pending', 'done');

alter table app.invoice add column provider_subscription_id text;

-- Paid invoices of replaced subscriptions for which the customer has nothing: no lot was granted, or the replacement ended
-- the lot before its time, because the other subscription was paid for the same time.
create view app.unearned_invoice with (security_invoker = true) as
    select i.tenant_id, i.id as invoice_id, i.provider, i.provider_invoice_id, i.amount, i.currency, v.credits as plan_credits,
           l.id as lot_id, l.unspent
      from app.invoice i
      join app.provider_subscription p on p.tenant_id = i.tenant_id and p.provider = i.provider
           and p.provider_subscription_id = i.provider_subscription_id
      join app.plan_version v on v.plan_code = i.plan_code and v.version = i.plan_version
      left join app.credit_lot l on l.tenant_id = i.tenant_id and l.paid_provider = i.provider
           and l.paid_invoice = i.provider_invoice_id
     where i.status = 'paid' and i.amount > 0 and v.credits > 0 and p.superseded_at is not null
       and (l.id is null
            or l.unspent > 0 and l.close_reason is distinct from 'refund'
               and exists (select from app.invoice j
                            where j.tenant_id = i.tenant_id and j.status = 'paid' and j.amount > 0
                              and j.provider_subscription_id <> i.provider_subscription_id
                              and j.period_start < i.period_end - interval '1 day' and j.period_end > i.period_start));
grant select on app.unearned_invoice to ${app_role};
