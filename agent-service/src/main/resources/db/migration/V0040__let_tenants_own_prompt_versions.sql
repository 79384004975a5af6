-- A prompt version has an owner: the platform (the zero tenant), whose versions answer for everybody, or a tenant whose
-- plan lets it write its own. Numbers, drafts, activations and rollbacks are per owner and agent.
-- A tenant's version without a provider is answered by the provider and model of the platform's version.
-- The id of an activation names one stay of a version on duty: what runs come to is counted by it.
alter table app.prompt_activation
    drop constraint prompt_activation_agent_id_number_fk,
    drop constraint prompt_activation_agent_id_seq_pk,
    add column tenant_id uuid not null default '00000000-0000-0000-0000-000000000000',
    add column id uuid not null default gen_random_uuid();
alter table app.prompt_version
    drop constraint prompt_version_agent_id_number_pk,
    drop constraint prompt_version_id_uq,
    add column tenant_id uuid not null default '00000000-0000-0000-0000-000000000000',
    alter column provider drop not null;
drop index app.prompt_version_agent_id_uq;

alter table app.prompt_version
    alter column tenant_id drop default,
    add constraint prompt_version_tenant_id_agent_id_number_pk primary key (tenant_id, agent_id, number),
    add constraint prompt_version_tenant_id_id_uq unique (tenant_id, id),
    add constraint prompt_version_provider_ck
        check (provider is not null or tenant_id <> '00000000-0000-0000-0000-000000000000'),
    drop constraint prompt_version_status_ck,
    add constraint prompt_version_status_ck check (status in ('draft', 'testing', 'active', 'archived'));
create unique index prompt_version_tenant_id_agent_id_uq on app.prompt_version (tenant_id, agent_id) where status = 'active';
alter table app.prompt_activation
    alter column tenant_id drop default,
    add constraint prompt_activation_tenant_id_agent_id_seq_pk primary key (tenant_id, agent_id, seq),
    add constraint prompt_activation_tenant_id_id_uq unique (tenant_id, id),
    add constraint prompt_activation_tenant_id_agent_id_number_fk foreign key (tenant_id, agent_id, number)
        references app.prompt_version (tenant_id, agent_id, number);

create or replace function app.guard_prompt_version() returns trigger language plpgsql as $$
begin
    if (new.tenant_id, new.agent_id, new.number, new.id) is distinct from (old.tenant_id, old.agent_id, old.number, old.id) then
        raise exception 'a prompt version keeps its identity' using errcode = '23514';
    end if;
    if old.status <> 'draft' and (
        (new.system_prompt, new.provider, new.model, new.temperature, new.max_tokens, new.variables, new.created_by, new.created_at)
        is distinct from
        (old.system_prompt, old.provider, old.model, old.temperature, old.max_tokens, old.variables, old.created_by, old.created_at)
        or new.status = 'draft') then
        raise exception 'a prompt version that was active cannot be changed' using errcode = '23514';
    end if;
    return new;
end $$;

alter table app.prompt_version enable row level security;
alter table app.prompt_version force row level security;
create policy prompt_version_tenant_isolation on app.prompt_version for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, delete on app.prompt_version to ${eraser_role};
alter table app.prompt_activation enable row level security;
alter table app.prompt_activation force row level security;
create policy prompt_activation_tenant_isolation on app.prompt_activation for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, delete on app.prompt_activation to ${eraser_role};
