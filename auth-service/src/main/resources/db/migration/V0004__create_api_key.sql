-- API keys: only the SHA-256 of a key is stored. The relay role finds a key by its hash, because a key is what tells
-- the tenant; it sees no name and writes nothing.
create table app.api_key (
    tenant_id    uuid        not null,
    id           uuid        not null,
    name         text        not null,
    prefix       text        not null,
    key_sha256   bytea       not null,
    scopes       text[]      not null,
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    created_by   text        not null,
    constraint api_key_tenant_id_id_pk primary key (tenant_id, id),
    constraint api_key_tenant_id_key_sha256_uq unique (tenant_id, key_sha256),
    constraint api_key_tenant_id_fk foreign key (tenant_id) references app.tenant (tenant_id),
    constraint api_key_scopes_ck check (cardinality(scopes) > 0 and scopes <@ array['chat', 'read', 'write'])
);
create index api_key_key_sha256_ix on app.api_key (key_sha256);
alter table app.api_key enable row level security;
alter table app.api_key force row level security;
create policy api_key_tenant_isolation on app.api_key for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy api_key_relay on app.api_key for select to ${relay_role} using (true);
grant select, insert, update on app.api_key to ${app_role};
grant select (tenant_id, id, key_sha256, scopes, expires_at, revoked_at) on app.api_key to ${relay_role};
