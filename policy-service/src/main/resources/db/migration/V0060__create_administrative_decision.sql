-- What was decided about changes that staff want to make; append only.
create table app.administrative_decision (
    tenant_id         uuid        not null,
    id                uuid        not null,
    action            text        not null,
    credits           bigint      not null,
    admin             text        not null,
    allow             boolean     not null,
    approval_required boolean     not null,
    reason_code       text        not null,
    rule_id           text        not null,
    created_at        timestamptz not null default now(),
    constraint administrative_decision_tenant_id_id_pk primary key (tenant_id, id)
);
alter table app.administrative_decision enable row level security;
alter table app.administrative_decision force row level security;
create policy administrative_decision_tenant_isolation on app.administrative_decision
    for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert on app.administrative_decision to ${app_role};
grant select, delete on app.administrative_decision to ${eraser_role};
