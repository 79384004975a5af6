-- Versions that answer side by side for a while, and what runs came to while a version was on duty: counted by the
-- release that put it there (an activation or an experiment) and the version. These tables hold nothing of a tenant;
-- prompt_conversation, which says who answered a conversation last, does.
create table app.experiment (
    agent_id       uuid        not null,
    id             uuid        not null,
    name           text        not null,
    status         text        not null default 'running',
    arms           jsonb       not null,   -- number, version_id, weight, control
    guards         jsonb       not null,
    minimum_sample int         not null,
    reason         text,
    winner         int,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    created_by     text        not null,
    ended_at       timestamptz,
    ended_by       text,
    constraint experiment_agent_id_id_pk primary key (agent_id, id),
    constraint experiment_agent_id_fk foreign key (agent_id) references app.agent (id),
    constraint experiment_status_ck check (status in ('running', 'stopped', 'promoted', 'broken')),
    constraint experiment_ended_ck check ((status = 'running') = (ended_at is null))
);
create unique index experiment_agent_id_uq on app.experiment (agent_id) where status = 'running';
grant select, insert, update on app.experiment to ${app_role};

create table app.prompt_guard (
    agent_id       uuid        not null,
    guards         jsonb       not null,
    minimum_sample int         not null,
    window_seconds int         not null,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    updated_by     text        not null,
    constraint prompt_guard_agent_id_pk primary key (agent_id),
    constraint prompt_guard_agent_id_fk foreign key (agent_id) references app.agent (id)
);
grant select, insert, update, delete on app.prompt_guard to ${app_role};

create table app.prompt_figures (
    release_id      uuid        not null,
    version_id      uuid        not null,
    replies         bigint      not null default 0,
    failures        bigint      not null default 0,
    refusals        bigint      not null default 0,
    tokens          bigint      not null default 0,
    tokens_squared  float8      not null default 0,
    charged         bigint      not null default 0,   -- replies whose credits are known
    credits         bigint      not null default 0,
    credits_squared float8      not null default 0,
    conversations   bigint      not null default 0,
    handoffs        bigint      not null default 0,
    settled         bigint      not null default 0,   -- conversations of which it is known how they ended
    resolved        bigint      not null default 0,
    updated_at      timestamptz not null default now(),
    constraint prompt_figures_release_id_version_id_pk primary key (release_id, version_id)
) with (fillfactor = 50);
grant select, insert, update on app.prompt_figures to ${app_role}, ${relay_role};

create table app.prompt_conversation (
    tenant_id       uuid        not null,
    conversation_id text        not null,
    release_id      uuid        not null,
    version_id      uuid        not null,
    handed_off      boolean     not null default false,
    settled         boolean     not null default false,
    since           timestamptz not null default now(),   -- when this version began to answer it
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    constraint prompt_conversation_tenant_id_conversation_id_pk primary key (tenant_id, conversation_id)
);
alter table app.prompt_conversation enable row level security;
alter table app.prompt_conversation force row level security;
create policy prompt_conversation_tenant_isolation on app.prompt_conversation for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create index prompt_conversation_since_ix on app.prompt_conversation (since) where not settled;
grant select, insert, update on app.prompt_conversation to ${app_role};
create policy prompt_conversation_relay_read on app.prompt_conversation for select to ${relay_role} using (true);
create policy prompt_conversation_relay_settle on app.prompt_conversation for update to ${relay_role} using (true) with check (true);
grant select, update (settled) on app.prompt_conversation to ${relay_role};
grant select, delete on app.prompt_conversation to ${eraser_role};
