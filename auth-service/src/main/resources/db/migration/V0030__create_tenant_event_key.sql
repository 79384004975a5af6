-- The keys that tenants' events are sealed with (ADR 0011), one copy per service, wrapped by its master keyset.
-- A row without a key is the tombstone of an erased tenant: its events are skipped and none is sent for it.
-- Copied verbatim as V0030__create_tenant_event_key.sql.
create table app.tenant_event_key (
    tenant_id    uuid        not null,
    wrapped      bytea,
    destroyed_at timestamptz,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    constraint tenant_event_key_tenant_id_pk primary key (tenant_id),
    constraint tenant_event_key_destroyed_ck check ((wrapped is null) = (destroyed_at is not null))
);
alter table app.tenant_event_key enable row level security;
alter table app.tenant_event_key force row level security;
create policy tenant_event_key_tenant_isolation on app.tenant_event_key for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy tenant_event_key_relay on app.tenant_event_key for select to ${relay_role} using (true);
grant select, insert, update on app.tenant_event_key to ${app_role};
grant select on app.tenant_event_key to ${relay_role};
