-- What of an unearned invoice was overage brought its credits: only the rest of it can be given back.
create or replace view app.unearned_invoice with (security_invoker = true) as
    select i.tenant_id, i.id as invoice_id, i.provider, i.provider_invoice_id, i.amount - o.paid as amount, i.currency,
           v.credits as plan_credits, l.id as lot_id, l.unspent
      from app.invoice i
      join app.provider_subscription p on p.tenant_id = i.tenant_id and p.provider = i.provider
           and p.provider_subscription_id = i.provider_subscription_id
      join app.plan_version v on v.plan_code = i.plan_code and v.version = i.plan_version
      cross join lateral (select coalesce(sum(c.amount), 0)::bigint as paid from app.overage_charge c
                           where c.tenant_id = i.tenant_id and c.provider = i.provider and c.status = 'paid'
                             and c.provider_invoice_id = i.provider_invoice_id) o
      left join app.credit_lot l on l.tenant_id = i.tenant_id and l.paid_provider = i.provider
           and l.paid_invoice = i.provider_invoice_id
     where i.status = 'paid' and i.amount > o.paid and v.credits > 0 and p.superseded_at is not null
       and (l.id is null
            or l.unspent > 0 and l.close_reason is distinct from 'refund'
               and exists (select from app.invoice j
                            where j.tenant_id = i.tenant_id and j.status = 'paid' and j.amount > 0
                              and j.provider_subscription_id <> i.provider_subscription_id
                              and j.period_start < i.period_end - interval '1 day' and j.period_end > i.period_start));
