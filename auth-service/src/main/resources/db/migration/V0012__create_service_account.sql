-- Service accounts own API keys that act for them. A key may have a rate limit of its own. The relay role reads what a
-- context needs, and which keys have run out.
create table app.service_account (
    tenant_id   uuid        not null,
    id          uuid        not null,
    name        text        not null,
    description text,
    disabled_at timestamptz,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    created_by  text        not null,
    constraint service_account_tenant_id_id_pk primary key (tenant_id, id),
    constraint service_account_tenant_id_fk foreign key (tenant_id) references app.tenant (tenant_id)
);
alter table app.service_account enable row level security;
alter table app.service_account force row level security;
create policy service_account_tenant_isolation on app.service_account for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.service_account to ${app_role};

alter table app.api_key
    add column service_account_id uuid,
    add column rate_limit         int,
    add constraint api_key_tenant_id_service_account_id_fk
        foreign key (tenant_id, service_account_id) references app.service_account (tenant_id, id),
    add constraint api_key_rate_limit_ck check (rate_limit > 0);
create index api_key_tenant_id_service_account_id_ix on app.api_key (tenant_id, service_account_id);
create index api_key_expires_at_ix on app.api_key (expires_at) where revoked_at is null and expires_at is not null;
grant select (service_account_id, rate_limit) on app.api_key to ${relay_role};
