-- What an agent must get right before a version of its prompt is released, and what each trial of a version came to.
-- They are the platform's and hold nothing of a tenant. A finished trial is of record and cannot be changed.
create table app.golden_conversation (
    agent_id   uuid        not null,
    id         uuid        not null,
    name       text        not null,
    content    jsonb       not null,   -- turns with their expectations, and values of variables
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    created_by text        not null,
    updated_by text        not null,
    constraint golden_conversation_agent_id_id_pk primary key (agent_id, id),
    constraint golden_conversation_agent_id_name_uq unique (agent_id, name),
    constraint golden_conversation_agent_id_fk foreign key (agent_id) references app.agent (id)
);
grant select, insert, update, delete on app.golden_conversation to ${app_role};

create table app.golden_trial (
    agent_id     uuid        not null,
    id           uuid        not null,
    number       int         not null,
    content_hash text        not null,   -- of what the version said when it was tried
    golden_hash  text        not null,   -- of the golden conversations that it was tried on
    status       text        not null default 'running',
    result       jsonb,
    deadline_at  timestamptz not null,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    finished_at  timestamptz,
    created_by   text        not null,
    constraint golden_trial_agent_id_id_pk primary key (agent_id, id),
    constraint golden_trial_agent_id_fk foreign key (agent_id) references app.agent (id),
    constraint golden_trial_status_ck check (status in ('running', 'passed', 'failed', 'abandoned')),
    constraint golden_trial_result_ck check ((result is not null) = (status in ('passed', 'failed')))
);
create unique index golden_trial_running_uq on app.golden_trial (agent_id, number) where status = 'running';
create index golden_trial_agent_id_content_hash_ix on app.golden_trial (agent_id, content_hash, golden_hash, finished_at);
create index golden_trial_agent_id_number_ix on app.golden_trial (agent_id, number, created_at);

create function app.guard_golden_trial() returns trigger language plpgsql as $$
begin
    if old.status <> 'running' or
        (new.agent_id, new.id, new.number, new.content_hash, new.golden_hash, new.created_at, new.created_by)
        is distinct from
        (old.agent_id, old.id, old.number, old.content_hash, old.golden_hash, old.created_at, old.created_by) then
        raise exception 'a trial that has ended cannot be changed' using errcode = '23514';
    end if;
    return new;
end $$;
create trigger golden_trial_immutable before update on app.golden_trial
    for each row execute function app.guard_golden_trial();
grant select, insert, update on app.golden_trial to ${app_role};
