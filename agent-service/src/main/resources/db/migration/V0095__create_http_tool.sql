-- Functions for agents that tenants bring themselves: POST to an address of theirs, with a header that may hold a secret.
create table app.http_tool (
    tenant_id       uuid        not null,
    id              uuid        not null,
    name            text        not null,
    description     text        not null,
    parameters      jsonb       not null,
    url             text        not null,
    header_name     text,
    secret          bytea,                -- encrypted under the tenant's data key, bound to this row and column
    timeout_seconds integer     not null,
    high_impact     boolean     not null,
    enabled         boolean     not null,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    created_by      text        not null,
    constraint http_tool_tenant_id_id_pk primary key (tenant_id, id),
    constraint http_tool_tenant_id_name_uq unique (tenant_id, name),
    constraint http_tool_name_ck check (name ~ '^[a-z_][a-z0-9_]{0,63}$'),
    constraint http_tool_secret_ck check ((secret is null) = (header_name is null)),
    constraint http_tool_timeout_seconds_ck check (timeout_seconds between 1 and 10)
);
alter table app.http_tool enable row level security;
alter table app.http_tool force row level security;
create policy http_tool_tenant_isolation on app.http_tool for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.http_tool to ${app_role};
grant select, delete on app.http_tool to ${eraser_role};
