-- One current subscription per tenant; every change raises its version and leaves a line of history.
-- fetch_ticket orders what was fetched from the provider, so that an older answer never overwrites a newer one.
create sequence app.provider_fetch_seq;
grant usage on sequence app.provider_fetch_seq to ${app_role};

create table app.subscription (
    tenant_id                uuid        not null,
    version                  bigint      not null,
    status                   text        not null,
    plan_code                text        not null,
    plan_version             int         not null,
    provider                 text,
    provider_customer_id     text,
    provider_subscription_id text,
    provider_created_at      timestamptz,
    current_period_start     timestamptz not null,
    current_period_end       timestamptz not null,
    cancel_at_period_end     boolean     not null,
    trial_end                timestamptz,
    past_due_since           timestamptz,
    fetch_ticket             bigint      not null,
    due_at                   timestamptz,
    created_at               timestamptz not null default now(),
    updated_at               timestamptz not null default now(),
    constraint subscription_tenant_id_pk primary key (tenant_id),
    constraint subscription_status_ck
        check (status in ('trial', 'pending', 'active', 'past_due', 'suspended', 'ended'))
);
create index subscription_due_at_ix on app.subscription (due_at) where due_at is not null;
create index subscription_provider_ix on app.subscription (provider, provider_subscription_id);
alter table app.subscription enable row level security;
alter table app.subscription force row level security;
create policy subscription_tenant_isolation on app.subscription for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy subscription_relay on app.subscription for all to ${relay_role} using (true) with check (true);
grant select, insert, update on app.subscription to ${app_role};
grant select (tenant_id, status, plan_code, plan_version, provider, provider_subscription_id, due_at, created_at),
    update (due_at) on app.subscription to ${relay_role};

create table app.subscription_history (
    tenant_id    uuid        not null,
    version      bigint      not null,
    status       text        not null,
    plan_code    text        not null,
    plan_version int         not null,
    cause        text        not null,
    created_at   timestamptz not null default now(),
    constraint subscription_history_tenant_id_version_pk primary key (tenant_id, version)
);
alter table app.subscription_history enable row level security;
alter table app.subscription_history force row level security;
create policy subscription_history_tenant_isolation on app.subscription_history for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy subscription_history_relay on app.subscription_history for select to ${relay_role} using (true);
grant select, insert on app.subscription_history to ${app_role};
grant select (tenant_id, version, status, plan_code, plan_version, created_at)
    on app.subscription_history to ${relay_role};

-- Provider subscriptions that another one has replaced: they are cancelled at the provider until it confirms.
create table app.superseded_subscription (
    tenant_id                uuid        not null,
    provider                 text        not null,
    provider_subscription_id text        not null,
    attempts                 int         not null default 0,
    next_attempt_at          timestamptz default now(),
    cancelled_at             timestamptz,
    created_at               timestamptz not null default now(),
    constraint superseded_subscription_pk primary key (tenant_id, provider, provider_subscription_id)
);
create index superseded_subscription_next_attempt_at_ix on app.superseded_subscription (next_attempt_at)
    where cancelled_at is null;
alter table app.superseded_subscription enable row level security;
alter table app.superseded_subscription force row level security;
create policy superseded_subscription_tenant_isolation on app.superseded_subscription for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy superseded_subscription_relay on app.superseded_subscription for all to ${relay_role}
    using (true) with check (true);
grant select, insert, update on app.superseded_subscription to ${app_role};
grant select, update (attempts, next_attempt_at) on app.superseded_subscription to ${relay_role};

-- Tenants that were created while the trial plan did not exist yet: their trial starts when it does.
create table app.trial_request (
    tenant_id  uuid        not null,
    due_at     timestamptz default now(),
    created_at timestamptz not null default now(),
    constraint trial_request_tenant_id_pk primary key (tenant_id)
);
create index trial_request_due_at_ix on app.trial_request (due_at) where due_at is not null;
alter table app.trial_request enable row level security;
alter table app.trial_request force row level security;
create policy trial_request_tenant_isolation on app.trial_request for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy trial_request_relay on app.trial_request for all to ${relay_role} using (true) with check (true);
grant select, insert, update on app.trial_request to ${app_role};
grant select, update (due_at) on app.trial_request to ${relay_role};
