-- What an agent remembers of a long conversation in place of its oldest messages: a summary, encrypted under the tenant's
-- data key, and a number made from the two messages between which it ends.
create table app.conversation_memory (
    tenant_id       uuid        not null,
    id              uuid        not null,
    conversation_id text        not null,
    agent           text        not null,
    summary         bytea       not null,
    until           bytea       not null,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    constraint conversation_memory_tenant_id_id_pk primary key (tenant_id, id),
    constraint conversation_memory_tenant_id_conversation_id_agent_uq unique (tenant_id, conversation_id, agent)
);
alter table app.conversation_memory enable row level security;
alter table app.conversation_memory force row level security;
create policy conversation_memory_tenant_isolation on app.conversation_memory for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.conversation_memory to ${app_role};
grant select, delete on app.conversation_memory to ${eraser_role};
