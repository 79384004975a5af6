-- Prompt versions are released like deployments: numbered per agent, changed only as drafts, at most one active.
-- prompt_activation is the stack that a rollback goes down: the newest row not withdrawn is the active version.
create table app.prompt_version (
    agent_id      uuid        not null,
    number        int         not null,
    id            uuid        not null,
    system_prompt text        not null,
    provider      text        not null,
    model         text,
    temperature   float8,
    max_tokens    int,
    variables     jsonb       not null default '{}',
    status        text        not null default 'draft',
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    created_by    text        not null,
    activated_at  timestamptz,
    constraint prompt_version_agent_id_number_pk primary key (agent_id, number),
    constraint prompt_version_id_uq unique (id),
    constraint prompt_version_agent_id_fk foreign key (agent_id) references app.agent (id),
    constraint prompt_version_number_ck check (number > 0),
    constraint prompt_version_status_ck check (status in ('draft', 'active', 'archived'))
);
create unique index prompt_version_agent_id_uq on app.prompt_version (agent_id) where status = 'active';

create function app.guard_prompt_version() returns trigger language plpgsql as $$
begin
    if (new.agent_id, new.number, new.id) is distinct from (old.agent_id, old.number, old.id) then
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
create trigger prompt_version_immutable before update on app.prompt_version
    for each row execute function app.guard_prompt_version();
grant select, insert, update on app.prompt_version to ${app_role};

create table app.prompt_activation (
    agent_id     uuid        not null,
    seq          int         not null,
    number       int         not null,
    activated_at timestamptz not null default now(),
    activated_by text        not null,
    withdrawn_at timestamptz,
    withdrawn_by text,
    constraint prompt_activation_agent_id_seq_pk primary key (agent_id, seq),
    constraint prompt_activation_agent_id_number_fk foreign key (agent_id, number)
        references app.prompt_version (agent_id, number)
);
grant select, insert, update on app.prompt_activation to ${app_role};
