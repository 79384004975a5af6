-- Tenants, people and who belongs where. user_account and signup belong to no tenant: a person may be in several.
-- The relay role may read memberships and tenants across tenants, because a credential is resolved to its tenant
-- before any tenant is known; it may write neither.
create table app.tenant (
    tenant_id         uuid        not null,
    name              text        not null,
    status            text        not null default 'active',
    region            text        not null,
    settings          jsonb       not null default '{}',
    suspended_at      timestamptz,
    suspension_reason text,
    created_at        timestamptz not null default now(),
    updated_at        timestamptz not null default now(),
    created_by        text        not null,
    constraint tenant_tenant_id_pk primary key (tenant_id),
    constraint tenant_status_ck check (status in ('active', 'suspended'))
);
alter table app.tenant enable row level security;
alter table app.tenant force row level security;
create policy tenant_tenant_isolation on app.tenant for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy tenant_relay on app.tenant for select to ${relay_role} using (true);
grant select, insert, update on app.tenant to ${app_role};
grant select on app.tenant to ${relay_role};

create table app.user_account (
    id         uuid        not null,  -- the subject that Keycloak gave the person
    email      text        not null,
    name       text        not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint user_account_id_pk primary key (id)
);
create index user_account_email_ix on app.user_account (email);
grant select, insert, update on app.user_account to ${app_role};

create table app.membership (
    tenant_id  uuid        not null,
    user_id    uuid        not null,
    role       text        not null,
    removed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    created_by text        not null,
    constraint membership_tenant_id_user_id_pk primary key (tenant_id, user_id),
    constraint membership_tenant_id_fk foreign key (tenant_id) references app.tenant (tenant_id),
    constraint membership_role_ck check (role in ('owner', 'admin', 'member'))
);
create index membership_user_id_ix on app.membership (user_id);
alter table app.membership enable row level security;
alter table app.membership force row level security;
create policy membership_tenant_isolation on app.membership for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy membership_relay on app.membership for select to ${relay_role} using (true);
grant select, insert, update on app.membership to ${app_role};
grant select (tenant_id, user_id, role, removed_at, created_at) on app.membership to ${relay_role};
