-- Every provider subscription that was ever looked at, the tenant's current one or not: fetch_ticket says when it was
-- asked for last, so that a late answer is known as late. One that another has replaced (superseded_at) is cancelled at
-- the provider until that confirms. It takes the place of superseded_subscription and of subscription.fetch_ticket.
create table app.provider_subscription (
    tenant_id                uuid        not null,
    provider                 text        not null,
    provider_subscription_id text        not null,
    fetch_ticket             bigint      not null,
    superseded_at            timestamptz,
    attempts                 int         not null default 0,
    next_attempt_at          timestamptz,
    cancelled_at             timestamptz,
    created_at               timestamptz not null default now(),
    updated_at               timestamptz not null default now(),
    constraint provider_subscription_pk primary key (tenant_id, provider, provider_subscription_id)
);
create index provider_subscription_next_attempt_at_ix on app.provider_subscription (next_attempt_at)
    where next_attempt_at is not null;
alter table app.provider_subscription enable row level security;
alter table app.provider_subscription force row level security;
create policy provider_subscription_tenant_isolation on app.provider_subscription for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy provider_subscription_relay on app.provider_subscription for all to ${relay_role}
    using (true) with check (true);
grant select, insert, update on app.provider_subscription to ${app_role};
grant select, update (attempts, next_attempt_at) on app.provider_subscription to ${relay_role};

drop table app.superseded_subscription;
alter table app.subscription drop column fetch_ticket;
