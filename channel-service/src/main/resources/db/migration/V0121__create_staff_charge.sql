-- The price of a message that a person wrote, from the transaction that stores the message until policy-service has
-- booked it: whoever dies in between, or is away, does not lose it.
create table app.staff_charge (
    tenant_id       uuid        not null,
    operation_id    uuid        not null,
    conversation_id uuid        not null,
    agent           text        not null,
    channel         text        not null,
    user_id         text        not null,
    hold            text,
    due_at          timestamptz not null,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    created_by      text        not null,
    constraint staff_charge_tenant_id_operation_id_pk primary key (tenant_id, operation_id)
);
create index staff_charge_due_at_ix on app.staff_charge (due_at);
alter table app.staff_charge enable row level security;
alter table app.staff_charge force row level security;
create policy staff_charge_tenant_isolation on app.staff_charge for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy staff_charge_relay on app.staff_charge for select to ${relay_role} using (true);
grant select, insert, update, delete on app.staff_charge to ${app_role};
grant select, delete on app.staff_charge to ${eraser_role};
grant select (tenant_id, operation_id, due_at) on app.staff_charge to ${relay_role};
