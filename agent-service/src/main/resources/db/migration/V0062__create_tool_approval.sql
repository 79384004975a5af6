-- Calls of functions of high impact that an agent wants to make: a person approves exactly these arguments, once, for a
-- while. fingerprint is SHA-256 of the arguments with their members in order; one call waits or is approved at a time.
create table app.tool_approval (
    tenant_id       uuid        not null,
    id              uuid        not null,
    conversation_id text        not null,
    agent           text        not null,
    tool            text        not null,
    arguments       jsonb       not null,
    fingerprint     bytea       not null,
    status          text        not null default 'pending',
    requested_run   uuid        not null,
    used_run        uuid,
    expires_at      timestamptz not null,
    decided_at      timestamptz,
    decided_by      text,
    used_at         timestamptz,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    constraint tool_approval_tenant_id_id_pk primary key (tenant_id, id),
    constraint tool_approval_status_ck check (status in ('pending', 'approved', 'rejected', 'used'))
);
create unique index tool_approval_open_uq
    on app.tool_approval (tenant_id, conversation_id, agent, tool, fingerprint) where status in ('pending', 'approved');
create index tool_approval_tenant_id_status_id_ix on app.tool_approval (tenant_id, status, id desc);
alter table app.tool_approval enable row level security;
alter table app.tool_approval force row level security;
create policy tool_approval_tenant_isolation on app.tool_approval for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.tool_approval to ${app_role};
grant select, delete on app.tool_approval to ${eraser_role};
