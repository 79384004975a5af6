-- What every service's schema starts with: the tenant function that fails closed, the outbox, the inbox,
-- idempotency keys and wrapped data keys. Copied verbatim as V0001__create_platform_tables.sql.
-- ${app_role} never owns, never bypasses; ${relay_role} sees all tenants in the few tables granted to it.
grant usage on schema app to ${app_role}, ${relay_role};

create function app.tenant() returns uuid language plpgsql stable parallel safe as $$
declare v text := current_setting('app.tenant_id', true);  -- NULL before first use, '' after a LOCAL setting ended
begin
    if v is null or v = '' then
        raise exception 'no tenant in context' using errcode = '42501';
    end if;
    return v::uuid;
end $$;

create table app.outbox_event (
    tenant_id    uuid        not null,
    id           uuid        not null,
    seq          bigint      generated always as identity,
    xid          xid8        not null default pg_current_xact_id(),
    topic        text        not null,
    key          text        not null,
    type         text        not null,
    subject      text        not null,
    payload      jsonb       not null,
    operation_id uuid,
    traceparent  text,
    occurred_at  timestamptz not null default now(),
    constraint outbox_event_tenant_id_id_pk primary key (tenant_id, id)
);
create index outbox_event_seq_ix on app.outbox_event (seq);
alter table app.outbox_event enable row level security;
alter table app.outbox_event force row level security;
create policy outbox_event_tenant_isolation on app.outbox_event for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy outbox_event_relay on app.outbox_event for all to ${relay_role} using (true) with check (true);
grant insert on app.outbox_event to ${app_role};
grant select, delete on app.outbox_event to ${relay_role};

create table app.processed_event (
    tenant_id    uuid        not null,
    consumer     text        not null,
    event_id     uuid        not null,
    processed_at timestamptz not null default now(),
    constraint processed_event_tenant_id_consumer_event_id_pk primary key (tenant_id, consumer, event_id)
);
create index processed_event_processed_at_ix on app.processed_event (processed_at);
alter table app.processed_event enable row level security;
alter table app.processed_event force row level security;
create policy processed_event_tenant_isolation on app.processed_event for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy processed_event_relay on app.processed_event for all to ${relay_role} using (true) with check (true);
grant select, insert on app.processed_event to ${app_role};
grant select, delete on app.processed_event to ${relay_role};

create table app.idempotency_record (
    tenant_id    uuid        not null,
    scope        text        not null,  -- principal, method and route
    key          text        not null,
    fingerprint  text        not null,  -- SHA-256 of the request body
    status       int,                   -- null while the first request runs
    content_type text,
    body         text,
    created_at   timestamptz not null default now(),
    constraint idempotency_record_tenant_id_scope_key_pk primary key (tenant_id, scope, key)
);
create index idempotency_record_created_at_ix on app.idempotency_record (created_at);
alter table app.idempotency_record enable row level security;
alter table app.idempotency_record force row level security;
create policy idempotency_record_tenant_isolation on app.idempotency_record for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy idempotency_record_relay on app.idempotency_record for all to ${relay_role} using (true) with check (true);
grant select, insert, update, delete on app.idempotency_record to ${app_role};
grant select, delete on app.idempotency_record to ${relay_role};

create table app.tenant_data_key (
    tenant_id  uuid        not null,
    wrapped    bytea       not null,  -- a Tink keyset, encrypted with the master keyset
    created_at timestamptz not null default now(),
    constraint tenant_data_key_tenant_id_pk primary key (tenant_id)
);
alter table app.tenant_data_key enable row level security;
alter table app.tenant_data_key force row level security;
create policy tenant_data_key_tenant_isolation on app.tenant_data_key for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.tenant_data_key to ${app_role};
