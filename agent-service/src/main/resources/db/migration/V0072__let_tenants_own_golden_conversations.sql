-- Golden conversations and trials have an owner as prompt versions have: the platform (the zero tenant), or a tenant that
-- tries its own versions on its own conversations.
alter table app.golden_conversation
    add column tenant_id uuid not null default '00000000-0000-0000-0000-000000000000',
    drop constraint golden_conversation_agent_id_id_pk,
    drop constraint golden_conversation_agent_id_name_uq;
alter table app.golden_conversation
    alter column tenant_id drop default,
    add constraint golden_conversation_tenant_id_agent_id_id_pk primary key (tenant_id, agent_id, id),
    add constraint golden_conversation_tenant_id_agent_id_name_uq unique (tenant_id, agent_id, name);
drop index app.golden_trial_running_uq;
drop index app.golden_trial_agent_id_content_hash_ix;
drop index app.golden_trial_agent_id_number_ix;
alter table app.golden_trial
    add column tenant_id uuid not null default '00000000-0000-0000-0000-000000000000',
    drop constraint golden_trial_agent_id_id_pk;
alter table app.golden_trial
    alter column tenant_id drop default,
    add constraint golden_trial_tenant_id_agent_id_id_pk primary key (tenant_id, agent_id, id);
create unique index golden_trial_tenant_id_agent_id_number_uq on app.golden_trial (tenant_id, agent_id, number)
    where status = 'running';
create index golden_trial_tenant_id_agent_id_content_hash_ix
    on app.golden_trial (tenant_id, agent_id, content_hash, golden_hash, finished_at);
create index golden_trial_tenant_id_agent_id_number_ix on app.golden_trial (tenant_id, agent_id, number, created_at);

create or replace function app.guard_golden_trial() returns trigger language plpgsql as $$
begin
    if old.status <> 'running' or
        (new.tenant_id, new.agent_id, new.id, new.number, new.content_hash, new.golden_hash, new.created_at, new.created_by)
        is distinct from
        (old.tenant_id, old.agent_id, old.id, old.number, old.content_hash, old.golden_hash, old.created_at, old.created_by) then
        raise exception 'a trial that has ended cannot be changed' using errcode = '23514';
    end if;
    return new;
end $$;

alter table app.golden_conversation enable row level security;
alter table app.golden_conversation force row level security;
create policy golden_conversation_tenant_isolation on app.golden_conversation for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, delete on app.golden_conversation to ${eraser_role};
alter table app.golden_trial enable row level security;
alter table app.golden_trial force row level security;
create policy golden_trial_tenant_isolation on app.golden_trial for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, delete on app.golden_trial to ${eraser_role};
