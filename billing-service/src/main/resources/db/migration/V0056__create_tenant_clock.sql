-- How far a tenant's time is ahead of ours, in local and test installations. Times that the sweepers look at (due_at) are
-- kept in our time and moved back when a tenant's clock moves forward, so the sweepers need not know of clocks.
create table app.tenant_clock (
    tenant_id  uuid        not null,
    ahead      interval    not null,
    created_by text        not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint tenant_clock_tenant_id_pk primary key (tenant_id)
);
alter table app.tenant_clock enable row level security;
alter table app.tenant_clock force row level security;
create policy tenant_clock_tenant_isolation on app.tenant_clock for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy tenant_clock_relay on app.tenant_clock for select to ${relay_role} using (true);
grant select, insert, update on app.tenant_clock to ${app_role};
grant select, delete on app.tenant_clock to ${eraser_role};
grant select (tenant_id, ahead) on app.tenant_clock to ${relay_role};

-- The tenant's clocks at payment providers, which move with it.
create table app.provider_clock (
    tenant_id  uuid        not null,
    provider   text        not null,
    clock_id   text        not null,
    created_at timestamptz not null default now(),
    constraint provider_clock_tenant_id_provider_pk primary key (tenant_id, provider)
);
alter table app.provider_clock enable row level security;
alter table app.provider_clock force row level security;
create policy provider_clock_tenant_isolation on app.provider_clock for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert on app.provider_clock to ${app_role};
grant select, delete on app.provider_clock to ${eraser_role};
