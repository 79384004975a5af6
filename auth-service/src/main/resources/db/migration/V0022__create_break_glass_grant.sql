-- Grants under which a member of Parley's staff reads a tenant's individual records. One living grant per person and
-- tenant; the relay role ends those whose time is over and shows staff its own list.
create table app.break_glass_grant (
    tenant_id  uuid        not null,
    id         uuid        not null,
    admin_id   uuid        not null,
    reason     text        not null,
    ticket     text        not null,
    opened_at  timestamptz not null,
    expires_at timestamptz not null,
    ended_at   timestamptz,
    ended_by   text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    created_by text        not null,
    constraint break_glass_grant_tenant_id_id_pk primary key (tenant_id, id)
);
create unique index break_glass_grant_tenant_id_admin_id_uq on app.break_glass_grant (tenant_id, admin_id)
    where ended_at is null;
create index break_glass_grant_expires_at_ix on app.break_glass_grant (expires_at) where ended_at is null;
alter table app.break_glass_grant enable row level security;
alter table app.break_glass_grant force row level security;
create policy break_glass_grant_tenant_isolation on app.break_glass_grant for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy break_glass_grant_relay on app.break_glass_grant for select to ${relay_role} using (true);
grant select, insert, update on app.break_glass_grant to ${app_role};
grant select on app.break_glass_grant to ${relay_role};
