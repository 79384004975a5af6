-- The catalogue that all tenants share: agents, their prompt versions and the providers that answer.
-- These tables belong to no tenant, hold nothing of one, and are written by platform admins only.
create table app.agent (
    id          uuid        not null,
    slug        text        not null,
    name        text        not null,
    description text        not null default '',
    status      text        not null default 'active',
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    created_by  text        not null,
    constraint agent_id_pk primary key (id),
    constraint agent_slug_uq unique (slug),
    constraint agent_slug_ck check (slug ~ '^[a-z][a-z0-9-]{0,62}$'),
    constraint agent_status_ck check (status in ('active', 'disabled'))
);
grant select, insert, update on app.agent to ${app_role};

create table app.llm_provider (
    id         uuid        not null,
    name       text        not null,
    kind       text        not null,
    base_url   text,
    api_key    bytea,                 -- encrypted for the platform, bound to this row and column
    models     jsonb       not null default '[]',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    created_by text        not null,
    constraint llm_provider_id_pk primary key (id),
    constraint llm_provider_name_uq unique (name)
);
grant select, insert, update on app.llm_provider to ${app_role};
