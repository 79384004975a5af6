-- Up to where a tenant's events are forgotten: whoever names a place before it has missed something, and nobody else has.
-- What is forgotten is found by an index, not by ranges of pages that are used again and again.
create table app.stream_mark (
    tenant_id  uuid        not null,
    xid        xid8        not null,
    seq        bigint      not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint stream_mark_tenant_id_pk primary key (tenant_id)
);
alter table app.stream_mark enable row level security;
alter table app.stream_mark force row level security;
create policy stream_mark_tenant_isolation on app.stream_mark for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy stream_mark_relay on app.stream_mark for all to ${relay_role} using (true) with check (true);
grant select on app.stream_mark to ${app_role};
grant select, delete on app.stream_mark to ${eraser_role};
grant select, insert, update on app.stream_mark to ${relay_role};

drop index app.stream_event_created_at_ix;
create index stream_event_created_at_ix on app.stream_event (created_at);
grant select (tenant_id, xid, seq) on app.stream_event to ${relay_role};
