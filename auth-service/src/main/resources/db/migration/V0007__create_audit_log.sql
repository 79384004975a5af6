-- The audit trail: append only for the app role. Each entry holds the hash of the one before it in the same tenant,
-- so that a changed, missing or swapped row is found by recomputing. json (not jsonb) keeps the hashed text as it was.
create table app.audit_log (
    tenant_id     uuid        not null,
    seq           bigint      not null,
    event_id      uuid        not null,
    at            timestamptz not null,
    actor         text        not null,
    action        text        not null,
    resource_type text        not null,
    resource_id   text,
    before_state  json,
    after_state   json,
    reason        text,
    operation_id  uuid,
    previous_hash text        not null,
    hash          text        not null,
    created_at    timestamptz not null default now(),
    constraint audit_log_tenant_id_seq_pk primary key (tenant_id, seq),
    constraint audit_log_tenant_id_event_id_uq unique (tenant_id, event_id)
);
create index audit_log_tenant_id_at_ix on app.audit_log (tenant_id, at);
alter table app.audit_log enable row level security;
alter table app.audit_log force row level security;
create policy audit_log_tenant_isolation on app.audit_log for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert on app.audit_log to ${app_role};
