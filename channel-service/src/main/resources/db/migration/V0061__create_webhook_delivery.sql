-- What each endpoint is told, once per event, with every attempt. The key is also the delivery's public name: event_id
-- is what receivers see as webhook-id. It refers to no endpoint by a foreign key, which would cost more than the row:
-- endpoints are never deleted from under their deliveries, and who writes one holds its queue's row.
create table app.webhook_delivery (
    tenant_id   uuid        not null,
    endpoint_id uuid        not null,
    event_id    uuid        not null,  -- UUIDv7: the key orders an endpoint's deliveries by time
    type        text        not null,
    payload     text        not null,  -- the very bytes that are signed
    state       text        not null constraint webhook_delivery_state_ck
        check (state in ('pending', 'delivered', 'failed', 'skipped')),
    tries       int         not null default 0,  -- since it was told or replayed
    due_at      timestamptz not null,
    attempts    jsonb       not null default '[]',
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    constraint webhook_delivery_tenant_id_endpoint_id_event_id_pk primary key (tenant_id, endpoint_id, event_id)
) with (fillfactor = 80);
create index webhook_delivery_tenant_id_endpoint_id_due_at_ix
    on app.webhook_delivery (tenant_id, endpoint_id, due_at, event_id) where state = 'pending';
alter table app.webhook_delivery enable row level security;
alter table app.webhook_delivery force row level security;
create policy webhook_delivery_tenant_isolation on app.webhook_delivery for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy webhook_delivery_relay on app.webhook_delivery for select to ${relay_role} using (true);
create policy webhook_delivery_purge on app.webhook_delivery for delete to ${relay_role} using (true);
grant select, insert, update on app.webhook_delivery to ${app_role};
grant select, delete on app.webhook_delivery to ${eraser_role};
-- the relay role ends what is older than the log reaches back
grant select (tenant_id, endpoint_id, event_id, created_at) on app.webhook_delivery to ${relay_role};
grant delete on app.webhook_delivery to ${relay_role};
