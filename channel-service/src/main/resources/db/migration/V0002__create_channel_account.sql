-- A tenant's accounts at messengers. Credentials are one encrypted JSON object. A webhook names its account only by id,
-- so the relay role may read which tenant an account belongs to, and nothing else of it.
create table app.channel_account (
    tenant_id    uuid        not null,
    id           uuid        not null,
    type         text        not null,
    name         text        not null,
    agent        text        not null,
    status       text        not null constraint channel_account_status_ck check (status in ('active', 'paused')),
    external_id  text        not null,  -- the vendor's id of the account
    display_name text        not null,
    credentials  bytea       not null,
    created_by   text        not null,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    deleted_at   timestamptz,
    constraint channel_account_tenant_id_id_pk primary key (tenant_id, id)
);
create unique index channel_account_tenant_id_type_external_id_uq
    on app.channel_account (tenant_id, type, external_id) where deleted_at is null;
-- looked up by id alone, by the relay role, before the tenant is known
create index channel_account_id_ix on app.channel_account (id);
alter table app.channel_account enable row level security;
alter table app.channel_account force row level security;
create policy channel_account_tenant_isolation on app.channel_account for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy channel_account_relay on app.channel_account for select to ${relay_role} using (true);
grant select, insert, update on app.channel_account to ${app_role};
grant select (tenant_id, id) on app.channel_account to ${relay_role};
