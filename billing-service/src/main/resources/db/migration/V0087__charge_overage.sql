-- What was used beyond the credits is charged: at the end of a period its debt is frozen as an intent before the provider
-- is asked (unknown until it has answered), and the lot that pays the debt is granted when the provider has the money.
alter table app.plan_version
    add column overage_price_per_1000 bigint,          -- minor units; null: the plan's price by the plan's credits
    add constraint plan_version_overage_price_ck check (overage_price_per_1000 is null
        or (overage_price_per_1000 > 0 and overage_mode = 'charge_up_to_cap'));

create table app.overage_charge (
    tenant_id                uuid        not null,
    id                       uuid        not null,
    occasion                 text        not null,     -- names the period: each is frozen once
    status                   text        not null,
    own_invoice              boolean     not null,     -- nothing follows that could carry it
    plan_code                text        not null,
    plan_version             int         not null,
    period_start             timestamptz not null,
    period_end               timestamptz not null,
    credits                  bigint      not null,
    amount                   bigint      not null,
    currency                 text        not null,
    provider                 text,                     -- null while there is nobody to charge
    provider_customer_id     text,
    provider_subscription_id text,
    provider_item_id         text,
    provider_invoice_id      text,
    lot_id                   uuid,
    paid_at                  timestamptz,
    attempts                 int         not null default 0,
    next_check_at            timestamptz,
    created_at               timestamptz not null default now(),
    updated_at               timestamptz not null default now(),
    constraint overage_charge_tenant_id_id_pk primary key (tenant_id, id),
    constraint overage_charge_tenant_id_occasion_uq unique (tenant_id, occasion),
    constraint overage_charge_status_ck check (status in ('waiting', 'unknown', 'ordered', 'paid', 'refused', 'void')),
    constraint overage_charge_figures_ck check (credits > 0 and amount > 0),
    constraint overage_charge_provider_ck check ((provider is null) = (status = 'waiting')),
    constraint overage_charge_lot_ck check ((lot_id is null) = (status <> 'paid') and (lot_id is null) = (paid_at is null))
);
create index overage_charge_next_check_at_ix on app.overage_charge (next_check_at) where next_check_at is not null;
create index overage_charge_id_ix on app.overage_charge (id);
create index overage_charge_paid_at_ix on app.overage_charge (paid_at) where paid_at is not null;
alter table app.overage_charge enable row level security;
alter table app.overage_charge force row level security;
create policy overage_charge_tenant_isolation on app.overage_charge for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy overage_charge_relay on app.overage_charge for all to ${relay_role} using (true) with check (true);
grant select, insert, update on app.overage_charge to ${app_role};
grant select, delete on app.overage_charge to ${eraser_role};
grant select (tenant_id, id, status, credits, amount, currency, paid_at, attempts, next_check_at),
    update (attempts, next_check_at) on app.overage_charge to ${relay_role};

-- Which period's end the overage was looked at for, shortly before it, so that the invoice of the next one carries it.
alter table app.subscription add column overage_frozen_for timestamptz;
create index subscription_current_period_end_ix on app.subscription (current_period_end)
    where provider is not null and status in ('active', 'past_due');
grant select (current_period_end, cancel_at_period_end, overage_frozen_for) on app.subscription to ${relay_role};

-- The lines of an invoice that are overage, with their part of the net amount.
alter table app.invoice add column overage jsonb not null default '[]';
