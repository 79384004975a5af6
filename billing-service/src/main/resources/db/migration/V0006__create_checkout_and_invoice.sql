-- A checkout is an intent that is written before the payment provider is asked: UNKNOWN until it has answered.
create table app.checkout (
    tenant_id           uuid        not null,
    id                  uuid        not null,
    request_key         text,
    status              text        not null,
    plan_code           text        not null,
    plan_version        int         not null,
    provider            text        not null,
    amount              bigint      not null,
    currency            text        not null,
    success_url         text,
    cancel_url          text,
    provider_session_id text,
    url                 text,
    attempts            int         not null default 0,
    next_check_at       timestamptz,
    created_by          text        not null,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),
    constraint checkout_tenant_id_id_pk primary key (tenant_id, id),
    constraint checkout_tenant_id_request_key_uq unique (tenant_id, request_key),
    constraint checkout_status_ck check (status in ('unknown', 'open', 'completed', 'expired', 'refused'))
);
create index checkout_next_check_at_ix on app.checkout (next_check_at) where status in ('unknown', 'open');
alter table app.checkout enable row level security;
alter table app.checkout force row level security;
create policy checkout_tenant_isolation on app.checkout for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy checkout_relay on app.checkout for all to ${relay_role} using (true) with check (true);
grant select, insert, update on app.checkout to ${app_role};
grant select (tenant_id, id, status, provider, attempts, next_check_at, created_at), update (attempts, next_check_at)
    on app.checkout to ${relay_role};

-- The provider's invoices, as it reported them.
create table app.invoice (
    tenant_id           uuid        not null,
    id                  uuid        not null,
    provider            text        not null,
    provider_invoice_id text        not null,
    number              text,
    status              text        not null,
    amount              bigint      not null,
    currency            text        not null,
    plan_code           text        not null,
    plan_version        int         not null,
    period_start        timestamptz not null,
    period_end          timestamptz not null,
    issued_at           timestamptz not null,
    paid_at             timestamptz,
    fetch_ticket        bigint      not null,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),
    constraint invoice_tenant_id_id_pk primary key (tenant_id, id),
    constraint invoice_tenant_id_provider_invoice_uq unique (tenant_id, provider, provider_invoice_id)
);
create index invoice_tenant_id_issued_at_ix on app.invoice (tenant_id, issued_at, id);
alter table app.invoice enable row level security;
alter table app.invoice force row level security;
create policy invoice_tenant_isolation on app.invoice for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy invoice_relay on app.invoice for select to ${relay_role} using (true);
grant select, insert, update on app.invoice to ${app_role};
grant select (status, amount, currency, issued_at, paid_at) on app.invoice to ${relay_role};
