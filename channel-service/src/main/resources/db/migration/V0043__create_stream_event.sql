-- What sockets are told, for a while after it happened, so that a client that was away hears it all, once and in order.
-- Each event about messages leaves a copy in its own transaction. Rows are read in the order of their transactions, and
-- only those whose transaction nobody can overtake any more, so no reader passes over one that commits late.
create table app.stream_event (
    tenant_id   uuid        not null,
    xid         xid8        not null default pg_current_xact_id(),
    seq         bigint      not null,
    type        text        not null,
    payload     jsonb       not null,
    occurred_at timestamptz not null,
    created_at  timestamptz not null default now(),
    constraint stream_event_tenant_id_xid_seq_pk primary key (tenant_id, xid, seq)
);
create index stream_event_created_at_ix on app.stream_event using brin (created_at);
alter table app.stream_event enable row level security;
alter table app.stream_event force row level security;
create policy stream_event_tenant_isolation on app.stream_event for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy stream_event_relay on app.stream_event for all to ${relay_role} using (true) with check (true);
grant select, insert on app.stream_event to ${app_role};
grant select, delete on app.stream_event to ${eraser_role};
grant select (created_at), delete on app.stream_event to ${relay_role};

create function app.keep_stream_event() returns trigger language plpgsql as $$
begin
    insert into app.stream_event (tenant_id, seq, type, payload, occurred_at)
    values (new.tenant_id, new.seq, new.type, new.payload, new.occurred_at);
    return null;
end $$;
create trigger outbox_event_keep_stream_event after insert on app.outbox_event
    for each row when (new.topic = 'channel.message.events') execute function app.keep_stream_event();
