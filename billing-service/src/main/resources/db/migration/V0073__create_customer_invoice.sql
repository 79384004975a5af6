-- Invoices that a tenant makes out to its own customers. A draft may change; an issued one has its number (without gaps per
-- tenant and year) and stays as it is. reminder_at is when the next payment reminder is due.
create table app.customer_invoice (
    tenant_id      uuid        not null,
    id             uuid        not null,
    status         text        not null default 'draft',
    number         text,
    number_year    int,
    number_seq     int,
    customer       jsonb       not null,
    seller         jsonb,
    currency       text        not null,
    lines          jsonb       not null,
    net            bigint      not null,
    tax            bigint      not null,
    total          bigint      not null,
    note           text,
    due_on         date        not null,
    issued_at      timestamptz,
    paid_at        timestamptz,
    reminder_at    timestamptz,
    reminders_sent int         not null default 0,
    created_by     text        not null,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    constraint customer_invoice_tenant_id_id_pk primary key (tenant_id, id),
    constraint customer_invoice_tenant_id_number_uq unique (tenant_id, number_year, number_seq),
    constraint customer_invoice_status_ck check (status in ('draft', 'issued', 'paid', 'void')),
    constraint customer_invoice_issued_ck check ((status = 'draft') = (number is null)),
    constraint customer_invoice_total_ck check (net >= 0 and tax >= 0 and total = net + tax)
);
create index customer_invoice_reminder_at_ix on app.customer_invoice (reminder_at) where reminder_at is not null;
alter table app.customer_invoice enable row level security;
alter table app.customer_invoice force row level security;
create policy customer_invoice_tenant_isolation on app.customer_invoice for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy customer_invoice_relay on app.customer_invoice for all to ${relay_role} using (true) with check (true);
grant select, insert, update, delete on app.customer_invoice to ${app_role};
grant select, delete on app.customer_invoice to ${eraser_role};
grant select (tenant_id, id, reminder_at), update (reminder_at) on app.customer_invoice to ${relay_role};

create table app.customer_invoice_number (
    tenant_id  uuid        not null,
    year       int         not null,
    last       int         not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint customer_invoice_number_tenant_id_year_pk primary key (tenant_id, year)
);
alter table app.customer_invoice_number enable row level security;
alter table app.customer_invoice_number force row level security;
create policy customer_invoice_number_tenant_isolation on app.customer_invoice_number
    for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.customer_invoice_number to ${app_role};
grant select, delete on app.customer_invoice_number to ${eraser_role};
