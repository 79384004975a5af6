-- What each tenant might do at each policy version, as decisions of the log name it: one row per change of its terms.
create table app.entitlement_version (
    tenant_id      uuid        not null,
    policy_version bigint      not null,
    suspended      boolean     not null,
    subscription   jsonb,                -- payload of billing.subscription-changed.v1; null before there was one
    created_at     timestamptz not null default now(),
    constraint entitlement_version_tenant_id_policy_version_pk primary key (tenant_id, policy_version)
);
-- What is known today is kept from here on; the owner sees all tenants only while its tables do not force the wall.
alter table app.entitlement no force row level security;
alter table app.credit_account no force row level security;
insert into app.entitlement_version (tenant_id, policy_version, suspended, subscription)
select tenant_id, a.policy_version, e.suspended, e.subscription
  from app.entitlement e join app.credit_account a using (tenant_id);
alter table app.entitlement force row level security;
alter table app.credit_account force row level security;

alter table app.entitlement_version enable row level security;
alter table app.entitlement_version force row level security;
create policy entitlement_version_tenant_isolation on app.entitlement_version for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy entitlement_version_relay on app.entitlement_version for select to ${relay_role} using (true);
grant select, insert on app.entitlement_version to ${app_role};
grant select on app.entitlement_version to ${relay_role};
grant select, delete on app.entitlement_version to ${eraser_role};
