-- What each run of a model used and what that cost us, in millionths of the currency's minor unit: tokens times the price of
-- a million tokens, so it is exact. cost is null for a model that no price is known of.
create table app.model_usage (
    tenant_id     uuid        not null,
    run_id        uuid        not null,
    operation_id  uuid        not null,
    at            timestamptz not null,
    agent         text        not null,
    provider      text        not null,
    model         text        not null,
    input_tokens  bigint      not null,
    output_tokens bigint      not null,
    estimated     boolean     not null,
    cost          bigint,
    created_at    timestamptz not null default now(),
    constraint model_usage_tenant_id_run_id_pk primary key (tenant_id, run_id),
    constraint model_usage_tokens_ck check (input_tokens >= 0 and output_tokens >= 0 and cost >= 0)
);
create index model_usage_at_ix on app.model_usage using brin (at);
alter table app.model_usage enable row level security;
alter table app.model_usage force row level security;
create policy model_usage_tenant_isolation on app.model_usage for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy model_usage_relay on app.model_usage for select to ${relay_role} using (true);
grant select, insert on app.model_usage to ${app_role};
grant select, delete on app.model_usage to ${eraser_role};
grant select on app.model_usage to ${relay_role};
grant select (tenant_id, operation_id) on app.usage_log to ${relay_role};
