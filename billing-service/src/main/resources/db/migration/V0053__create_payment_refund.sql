-- A refund of what is unspent of a paid lot, step by step: the lot is closed (closing), policy says what was unspent, the
-- provider is asked (unknown) and answers. One per lot.
create table app.payment_refund (
    tenant_id          uuid        not null,
    id                 uuid        not null,
    lot_id             uuid        not null,
    status             text        not null default 'closing',
    provider           text        not null,
    provider_payment   text        not null,
    paid_amount        bigint      not null,
    currency           text        not null,
    lot_credits        bigint      not null,
    unspent            bigint,
    amount             bigint,
    provider_refund_id text,
    reason             text        not null,
    attempts           int         not null default 0,
    next_check_at      timestamptz,
    created_by         text        not null,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    constraint payment_refund_tenant_id_id_pk primary key (tenant_id, id),
    constraint payment_refund_tenant_id_lot_id_uq unique (tenant_id, lot_id),
    constraint payment_refund_status_ck
        check (status in ('closing', 'unknown', 'pending', 'done', 'nothing', 'refused')),
    constraint payment_refund_amount_ck check (amount between 0 and paid_amount and unspent between 0 and lot_credits)
);
create index payment_refund_next_check_at_ix on app.payment_refund (next_check_at)
    where status in ('unknown', 'pending');
create index payment_refund_provider_ix on app.payment_refund (provider, provider_refund_id) where status = 'pending';
alter table app.payment_refund enable row level security;
alter table app.payment_refund force row level security;
create policy payment_refund_tenant_isolation on app.payment_refund for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy payment_refund_relay on app.payment_refund for all to ${relay_role} using (true) with check (true);
grant select, insert, update on app.payment_refund to ${app_role};
grant select, delete on app.payment_refund to ${eraser_role};
grant select (tenant_id, id, status, provider, provider_refund_id, attempts, next_check_at),
    update (attempts, next_check_at) on app.payment_refund to ${relay_role};
