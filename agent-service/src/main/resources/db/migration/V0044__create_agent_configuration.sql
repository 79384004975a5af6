-- What a tenant sets of an agent: its persona, goals, industry, keywords, values of the prompt's variables, and so on.
create table app.agent_configuration (
    tenant_id  uuid        not null,
    agent_id   uuid        not null,
    content    jsonb       not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    updated_by text        not null,
    constraint agent_configuration_tenant_id_agent_id_pk primary key (tenant_id, agent_id),
    constraint agent_configuration_agent_id_fk foreign key (agent_id) references app.agent (id)
);
alter table app.agent_configuration enable row level security;
alter table app.agent_configuration force row level security;
create policy agent_configuration_tenant_isolation on app.agent_configuration for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.agent_configuration to ${app_role};
grant select, delete on app.agent_configuration to ${eraser_role};
