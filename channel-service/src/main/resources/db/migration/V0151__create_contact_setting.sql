-- How a tenant's contacts are known: the region of phone numbers that are written without their country. Who has no row
-- has the platform's. The relay role reads all regions, so that no message has to look for its tenant's.
create table app.contact_setting (
    tenant_id      uuid        not null,
    default_region text        not null constraint contact_setting_default_region_ck check (default_region ~ '^[A-Z]{2}$'),
    changed_by     text        not null,
    created_by     text        not null,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    constraint contact_setting_tenant_id_pk primary key (tenant_id)
);
alter table app.contact_setting enable row level security;
alter table app.contact_setting force row level security;
create policy contact_setting_tenant_isolation on app.contact_setting for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy contact_setting_relay on app.contact_setting for select to ${relay_role} using (true);
grant select, insert, update, delete on app.contact_setting to ${app_role};
grant select, delete on app.contact_setting to ${eraser_role};
grant select (tenant_id, default_region) on app.contact_setting to ${relay_role};
