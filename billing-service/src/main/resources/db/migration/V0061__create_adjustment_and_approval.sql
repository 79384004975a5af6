-- What staff change by hand. An approval is a change that waits for a second admin; an adjustment is a change that was
-- made. request_key makes each happen once: one per request of an admin's client, one refund per operation.
create table app.approval (
    tenant_id    uuid        not null,
    id           uuid        not null,
    request_key  text        not null,
    action       text        not null,
    credits      bigint      not null,
    request      jsonb       not null,
    reason       text        not null,
    decision_id  uuid        not null,
    rule_id      text        not null,
    status       text        not null default 'waiting',
    requested_by text        not null,
    decided_by   text,
    decided_at   timestamptz,
    result       jsonb,
    expires_at   timestamptz not null,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    constraint approval_tenant_id_id_pk primary key (tenant_id, id),
    constraint approval_tenant_id_request_key_uq unique (tenant_id, request_key),
    constraint approval_status_ck check (status in ('waiting', 'approved', 'withdrawn')),
    constraint approval_two_people_ck check (status <> 'approved' or decided_by <> requested_by)
);
create index approval_id_ix on app.approval (id);
alter table app.approval enable row level security;
alter table app.approval force row level security;
create policy approval_tenant_isolation on app.approval for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy approval_relay on app.approval for select to ${relay_role} using (true);
grant select, insert, update on app.approval to ${app_role};
grant select, delete on app.approval to ${eraser_role};
grant select on app.approval to ${relay_role};

create table app.credit_adjustment (
    tenant_id    uuid        not null,
    id           uuid        not null,
    request_key  text        not null,
    source       text        not null,
    credits      bigint      not null,   -- asked for; below zero takes back
    applied      bigint,                 -- what it came to; null while policy has not said
    lot_id       uuid,
    operation_id uuid,
    reason       text        not null,
    decision_id  uuid        not null,
    approval_id  uuid,
    requested_by text        not null,
    approved_by  text,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    constraint credit_adjustment_tenant_id_id_pk primary key (tenant_id, id),
    constraint credit_adjustment_tenant_id_request_key_uq unique (tenant_id, request_key),
    constraint credit_adjustment_credits_ck check (credits <> 0),
    constraint credit_adjustment_applied_ck
        check (applied is null or applied = credits or (credits < 0 and applied between credits and 0))
);
alter table app.credit_adjustment enable row level security;
alter table app.credit_adjustment force row level security;
create policy credit_adjustment_tenant_isolation on app.credit_adjustment for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.credit_adjustment to ${app_role};
grant select, delete on app.credit_adjustment to ${eraser_role};

-- What was taken back from a lot; the sources are a closed set in code (CreditSource).
alter table app.credit_lot add column taken bigint not null default 0;
alter table app.credit_lot add constraint credit_lot_taken_ck check (taken between 0 and credits);
alter table app.credit_lot drop constraint credit_lot_source_ck;
alter table app.credit_lot add constraint credit_lot_source_ck check (source ~ '^[a-z]{1,20}$');
