-- What a look of Parley's staff adds to an entry, indexes for the searches of the console, and the list of trails that
-- grew since their head was signed: the relay role reads that list, never the trails.
alter table app.audit_log
    add column ticket    text,
    add column staff     boolean not null default false,
    add column access_id uuid;
create index audit_log_tenant_id_actor_seq_ix on app.audit_log (tenant_id, actor, seq);
create index audit_log_tenant_id_action_seq_ix on app.audit_log (tenant_id, action, seq);
create index audit_log_tenant_id_resource_seq_ix on app.audit_log (tenant_id, resource_type, resource_id, seq);
create index audit_log_tenant_id_staff_seq_ix on app.audit_log (tenant_id, seq) where staff;

create table app.audit_moved (
    tenant_id  uuid        not null,
    created_at timestamptz not null default now(),
    constraint audit_moved_tenant_id_pk primary key (tenant_id)
);
alter table app.audit_moved enable row level security;
alter table app.audit_moved force row level security;
create policy audit_moved_tenant_isolation on app.audit_moved for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy audit_moved_relay on app.audit_moved for select to ${relay_role} using (true);
grant select, insert, delete on app.audit_moved to ${app_role};
grant select on app.audit_moved to ${relay_role};
