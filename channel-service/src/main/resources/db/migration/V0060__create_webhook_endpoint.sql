-- Where partners are told what happens, and the queue of each of these endpoints. Secrets are encrypted; during a
-- rotation the previous one signs too. A queue is narrow, because every batch of deliveries writes it: one replica at a
-- time leases it, fence makes the results of one that lost its lease count for nothing. The relay role leases, and sees
-- neither addresses nor secrets nor what is delivered.
create table app.webhook_endpoint (
    tenant_id       uuid        not null,
    id              uuid        not null,
    url             text        not null,
    description     text        not null,
    events          text[]      not null,  -- types, or '*'
    fifo            boolean     not null,
    concurrency     int         not null,
    status          text        not null constraint webhook_endpoint_status_ck check (status in ('active', 'disabled')),
    disabled_reason text,
    disabled_at     timestamptz,
    version         int         not null default 1,  -- rises with every change that a delivery depends on
    secret          bytea       not null,
    previous_secret bytea,
    previous_until  timestamptz,
    created_by      text        not null,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    deleted_at      timestamptz,
    constraint webhook_endpoint_tenant_id_id_pk primary key (tenant_id, id)
);
alter table app.webhook_endpoint enable row level security;
alter table app.webhook_endpoint force row level security;
create policy webhook_endpoint_tenant_isolation on app.webhook_endpoint for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.webhook_endpoint to ${app_role};
grant select, delete on app.webhook_endpoint to ${eraser_role};

create table app.webhook_queue (
    tenant_id     uuid        not null,
    endpoint_id   uuid        not null,
    active        boolean     not null default true,
    due_at        timestamptz not null default 'infinity',   -- when something may be due; only who holds the lease moves it back
    not_before    timestamptz not null default '-infinity',  -- the endpoint wants to be left alone until then
    lease_until   timestamptz not null default '-infinity',
    fence         bigint      not null default 0,
    failing_since timestamptz,                               -- since when nothing was taken
    exhausted     int         not null default 0,            -- deliveries in a row that reached the end of the schedule
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    constraint webhook_queue_tenant_id_endpoint_id_pk primary key (tenant_id, endpoint_id),
    constraint webhook_queue_tenant_id_endpoint_id_fk foreign key (tenant_id, endpoint_id)
        references app.webhook_endpoint (tenant_id, id)
) with (fillfactor = 50);
-- leased across tenants, what waits longest first
create index webhook_queue_due_at_ix on app.webhook_queue (due_at) where active;
-- which tenants have endpoints, as far as that is new
create index webhook_queue_created_at_ix on app.webhook_queue (created_at);
alter table app.webhook_queue enable row level security;
alter table app.webhook_queue force row level security;
create policy webhook_queue_tenant_isolation on app.webhook_queue for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy webhook_queue_relay on app.webhook_queue for select to ${relay_role} using (true);
create policy webhook_queue_lease on app.webhook_queue for update to ${relay_role} using (true) with check (true);
grant select, insert, update on app.webhook_queue to ${app_role};
grant select, delete on app.webhook_queue to ${eraser_role};
grant select (tenant_id, endpoint_id, active, due_at, lease_until, fence, failing_since, created_at)
    on app.webhook_queue to ${relay_role};
grant update (lease_until, fence) on app.webhook_queue to ${relay_role};
