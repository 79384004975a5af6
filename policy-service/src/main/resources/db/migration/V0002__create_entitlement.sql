-- What a tenant may do, as billing and auth last said. One row per tenant, replaced only by a higher version,
-- so that late, repeated or reordered events end in the same state.
create table app.entitlement (
    tenant_id          uuid        not null,
    version            bigint      not null default 0,  -- billing's version of the subscription; 0: none was seen
    subscription       jsonb,                           -- payload of billing.subscription-changed.v1
    suspended          boolean     not null default false,
    suspension_reason  text,
    suspension_set_at  timestamptz,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    constraint entitlement_tenant_id_pk primary key (tenant_id)
);
alter table app.entitlement enable row level security;
alter table app.entitlement force row level security;
create policy entitlement_tenant_isolation on app.entitlement for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.entitlement to ${app_role};
