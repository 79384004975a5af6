-- The decision log (append only) and the holds: one per operation, for ever, which is what makes a retry the same
-- hold and a settlement happen once. The BRIN index finds due holds without costing settlements their HOT update.
create table app.decision (
    tenant_id       uuid        not null,
    operation_id    uuid        not null,
    id              uuid        not null,
    agent           text        not null,
    channel         text        not null,
    user_id         text,
    conversation_id text,
    estimate        jsonb       not null,
    allow           boolean     not null,
    reason_code     text        not null,
    rule_id         text        not null,
    policy_version  bigint      not null,
    credits         bigint      not null,  -- reserved
    figures         jsonb,                 -- limit, used, held and remaining of a denial
    created_at      timestamptz not null default now(),
    constraint decision_tenant_id_operation_id_id_pk primary key (tenant_id, operation_id, id)
);

create table app.hold (
    tenant_id       uuid        not null,
    operation_id    uuid        not null,
    decision_id     uuid        not null,
    state           text        not null,
    credits         bigint      not null,  -- reserved
    claims          jsonb,                 -- meter -> quantity reserved of a quota
    period_start    timestamptz,           -- the period that claims belong to
    agent           text        not null,
    channel         text        not null,
    user_id         text,
    conversation_id text,
    expires_at      timestamptz not null,
    rated           bigint,                -- what the usage costs
    charged         bigint,                -- what was taken; less than rated when the balance could not give more
    lines           jsonb,                 -- the rated lines
    closed_at       timestamptz,
    close_reason    text,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    constraint hold_tenant_id_operation_id_pk primary key (tenant_id, operation_id),
    constraint hold_state_ck check (state in ('held', 'settled', 'released', 'expired')),
    constraint hold_credits_ck check (credits >= 0 and charged <= rated)
) with (fillfactor = 60);
create index hold_tenant_id_expires_at_ix on app.hold using brin (tenant_id, expires_at)
    with (pages_per_range = 32, autosummarize = on);

alter table app.decision enable row level security;
alter table app.decision force row level security;
create policy decision_tenant_isolation on app.decision for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert on app.decision to ${app_role};

alter table app.hold enable row level security;
alter table app.hold force row level security;
create policy hold_tenant_isolation on app.hold for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy hold_relay on app.hold for select to ${relay_role} using (true);
grant select, insert, update on app.hold to ${app_role};
grant select on app.hold to ${relay_role};
