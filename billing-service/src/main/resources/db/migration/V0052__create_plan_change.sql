-- A change of plan is an intent that is written before the provider is asked: UNKNOWN until it has answered. One waits
-- per tenant. base_credits is the most that a plan of the running period has granted: an upgrade grants what is above it.
create table app.plan_change (
    tenant_id                uuid        not null,
    id                       uuid        not null,
    status                   text        not null,
    timing                   text        not null,
    provider                 text        not null,
    provider_subscription_id text        not null,
    from_code                text        not null,
    from_version             int         not null,
    to_code                  text        not null,
    to_version               int         not null,
    base_credits             bigint      not null,
    at                       timestamptz not null,
    period_start             timestamptz not null,
    period_end               timestamptz not null,
    charged                  bigint,
    currency                 text        not null,
    credits                  bigint,
    attempts                 int         not null default 0,
    next_check_at            timestamptz,
    created_by               text        not null,
    created_at               timestamptz not null default now(),
    updated_at               timestamptz not null default now(),
    constraint plan_change_tenant_id_id_pk primary key (tenant_id, id),
    constraint plan_change_status_ck check (status in ('unknown', 'done', 'refused', 'void')),
    constraint plan_change_timing_ck check (timing in ('now', 'period_end')),
    constraint plan_change_credits_ck check (credits >= 0 and charged >= 0)
);
create unique index plan_change_tenant_id_unknown_uq on app.plan_change (tenant_id) where status = 'unknown';
create index plan_change_next_check_at_ix on app.plan_change (next_check_at) where status = 'unknown';
alter table app.plan_change enable row level security;
alter table app.plan_change force row level security;
create policy plan_change_tenant_isolation on app.plan_change for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy plan_change_relay on app.plan_change for all to ${relay_role} using (true) with check (true);
grant select, insert, update on app.plan_change to ${app_role};
grant select, delete on app.plan_change to ${eraser_role};
grant select (tenant_id, id, status, attempts, next_check_at), update (attempts, next_check_at)
    on app.plan_change to ${relay_role};

-- The plan that follows with the next period, when that is another one.
alter table app.subscription
    add column pending_plan_code    text,
    add column pending_plan_version int,
    add constraint subscription_pending_plan_ck check ((pending_plan_code is null) = (pending_plan_version is null));

-- A subscription that moved to another provider ends there with its period, not at once.
alter table app.provider_subscription add column at_period_end boolean not null default false;
grant select (at_period_end) on app.provider_subscription to ${relay_role};
