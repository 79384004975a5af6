-- Keys of a tenant's own at providers of the catalogue: used instead of the platform's, and only towards the address that
-- the catalogue names. A provider's fallbacks are what is asked instead when it fails: ["provider/model", …].
create table app.provider_key (
    tenant_id  uuid        not null,
    id         uuid        not null,
    provider   text        not null,
    api_key    bytea       not null,   -- encrypted under the tenant's data key, bound to this row and column
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    created_by text        not null,
    constraint provider_key_tenant_id_id_pk primary key (tenant_id, id),
    constraint provider_key_tenant_id_provider_uq unique (tenant_id, provider)
);
alter table app.provider_key enable row level security;
alter table app.provider_key force row level security;
create policy provider_key_tenant_isolation on app.provider_key for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.provider_key to ${app_role};
grant select, delete on app.provider_key to ${eraser_role};

alter table app.llm_provider add column fallbacks jsonb not null default '[]';
