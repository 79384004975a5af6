-- The live balance. credit_account is the one hot row of a tenant: every hold and settlement is one conditional
-- update of it. Lots hold what was granted; what was spent since the lots were last drained stands in drawn, so that
-- available = sum(remaining of open lots) - drawn, always. A lot is drained (in order of expiry) when lots change.
create table app.credit_account (
    tenant_id      uuid        not null,
    policy_version bigint      not null default 0,     -- grows with every change of what the tenant may do
    granted        bigint      not null default 0,     -- credits of open lots, as granted
    available      bigint      not null default 0,     -- not spent yet; below zero only by overage
    held           bigint      not null default 0,     -- credits of live holds
    drawn          bigint      not null default 0,     -- spent, but not yet taken from a lot
    warned_percent int         not null default 0,     -- highest threshold announced since the last grant
    period_start   timestamptz,                        -- the period that counters belong to
    period_end     timestamptz,
    counters       jsonb       not null default '{}',  -- meter -> {used, held}, for meters with a quota
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    constraint credit_account_tenant_id_pk primary key (tenant_id),
    constraint credit_account_figures_ck check (granted >= 0 and held >= 0 and drawn >= 0)
) with (fillfactor = 40);

create table app.credit_lot (
    tenant_id  uuid        not null,
    id         uuid        not null,
    source     text        not null,
    granted    bigint      not null,
    remaining  bigint      not null,             -- not counting what stands in credit_account.drawn
    unspent    bigint,                           -- what was left when the lot was closed
    reason     text,
    expires_at timestamptz,
    closed_at  timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint credit_lot_tenant_id_id_pk primary key (tenant_id, id),
    constraint credit_lot_figures_ck check (granted >= 0 and remaining between 0 and granted)
);
create index credit_lot_tenant_id_expires_at_ix on app.credit_lot (tenant_id, expires_at) where closed_at is null;

alter table app.credit_account enable row level security;
alter table app.credit_account force row level security;
create policy credit_account_tenant_isolation on app.credit_account for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy credit_account_relay on app.credit_account for select to ${relay_role} using (true);
grant select, insert, update on app.credit_account to ${app_role};
grant select on app.credit_account to ${relay_role};

alter table app.credit_lot enable row level security;
alter table app.credit_lot force row level security;
create policy credit_lot_tenant_isolation on app.credit_lot for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy credit_lot_relay on app.credit_lot for select to ${relay_role} using (true);
grant select, insert, update on app.credit_lot to ${app_role};
grant select on app.credit_lot to ${relay_role};
