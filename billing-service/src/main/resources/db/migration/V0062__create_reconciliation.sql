-- A run compares what payment providers, books and policy say of each tenant. It belongs to no tenant; what did not agree
-- does, and stays as it was found: a repair is a compensating entry or a fetch, and is noted here.
create table app.reconciliation (
    id           uuid        not null,
    cause        text        not null,
    night        date,
    only_for     uuid,
    state        text        not null default 'running',
    tenants      bigint      not null default 0,
    not_compared bigint      not null default 0,
    drifts       bigint      not null default 0,
    started_by   text        not null,
    started_at   timestamptz not null default now(),
    finished_at  timestamptz,
    constraint reconciliation_id_pk primary key (id),
    constraint reconciliation_night_uq unique (night),
    constraint reconciliation_state_ck check (state in ('running', 'done', 'abandoned'))
);
grant select, insert, update on app.reconciliation to ${app_role};

create table app.reconciliation_drift (
    tenant_id         uuid        not null,
    id                uuid        not null,
    reconciliation_id uuid        not null,
    kind              text        not null,
    subject           text        not null,
    expected          text        not null,
    found             text        not null,
    repair            text        not null,
    state             text        not null default 'open',
    repaired_by       text,
    repaired_at       timestamptz,
    created_at        timestamptz not null default now(),
    constraint reconciliation_drift_tenant_id_id_pk primary key (tenant_id, id),
    constraint reconciliation_drift_state_ck check (state in ('open', 'repaired', 'gone'))
);
create index reconciliation_drift_reconciliation_id_ix on app.reconciliation_drift (reconciliation_id, id);
alter table app.reconciliation_drift enable row level security;
alter table app.reconciliation_drift force row level security;
create policy reconciliation_drift_tenant_isolation on app.reconciliation_drift for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy reconciliation_drift_relay on app.reconciliation_drift for select to ${relay_role} using (true);
grant select, insert, update on app.reconciliation_drift to ${app_role};
grant select, delete on app.reconciliation_drift to ${eraser_role};
grant select on app.reconciliation_drift to ${relay_role};
