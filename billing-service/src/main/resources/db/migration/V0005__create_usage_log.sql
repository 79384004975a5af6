-- What was used and what it cost, line by line, as policy rated it. A usage id is booked once, for ever.
create table app.usage_log (
    tenant_id       uuid        not null,
    usage_id        text        not null,
    operation_id    uuid        not null,
    at              timestamptz not null,
    agent           text        not null,
    channel         text        not null,
    user_id         text,
    conversation_id uuid,
    meter           text        not null,
    quantity        bigint      not null,
    credits         bigint      not null,
    estimated       boolean     not null,
    created_at      timestamptz not null default now(),
    constraint usage_log_tenant_id_usage_id_pk primary key (tenant_id, usage_id),
    constraint usage_log_quantity_ck check (quantity >= 0 and credits >= 0)
);
create index usage_log_tenant_id_at_ix on app.usage_log (tenant_id, at, usage_id);
create index usage_log_tenant_id_operation_id_ix on app.usage_log (tenant_id, operation_id);
alter table app.usage_log enable row level security;
alter table app.usage_log force row level security;
create policy usage_log_tenant_isolation on app.usage_log for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy usage_log_relay on app.usage_log for select to ${relay_role} using (true);
grant select, insert on app.usage_log to ${app_role};
grant select (at, agent, channel, meter, quantity, credits) on app.usage_log to ${relay_role};
