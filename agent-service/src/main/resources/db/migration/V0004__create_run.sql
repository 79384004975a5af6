-- One row per operation and tenant: the claim that keeps a second process from asking the provider again, and afterwards
-- the stored result. A runner is a process of this service; its runs are taken over when it stops saying that it lives.
create table app.runner (
    id          uuid        not null,
    alive_until timestamptz not null,
    started_at  timestamptz not null default now(),
    constraint runner_id_pk primary key (id)
);
create index runner_alive_until_ix on app.runner (alive_until);
grant select, insert, update, delete on app.runner to ${app_role};

create table app.run (
    tenant_id       uuid        not null,
    operation_id    uuid        not null,
    id              uuid        not null,
    conversation_id text,
    agent           text        not null,
    channel         text        not null,
    status          text        not null,
    runner_id       uuid        not null,
    epoch           int         not null default 1,  -- fencing token: a process that lost its run can no longer write it
    prompt_version  int,
    provider        text,
    model           text,
    text            text,
    finish_reason   text,
    input_tokens    int,
    output_tokens   int,
    estimated       boolean,
    problem         text,
    called_at       timestamptz,
    answered_at     timestamptz,
    started_at      timestamptz not null default now(),
    finished_at     timestamptz,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    constraint run_tenant_id_operation_id_pk primary key (tenant_id, operation_id),
    constraint run_status_ck check (status in ('running', 'finished', 'failed')),
    constraint run_result_ck check (status <> 'finished'
        or (text is not null and finish_reason is not null and input_tokens is not null and output_tokens is not null))
) with (fillfactor = 70);
alter table app.run enable row level security;
alter table app.run force row level security;
create policy run_tenant_isolation on app.run for all
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.run to ${app_role};
