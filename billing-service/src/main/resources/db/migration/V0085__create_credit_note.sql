-- A refund of an invoice is documented by a credit note: a number of its own series per tenant and year without gaps, taken
-- in the transaction that ends the refund, and the refunded share of the invoice's taxes. Names and addresses are those of
-- the invoice. A refund that fails after all leaves its note void.
create table app.credit_note (
    tenant_id   uuid        not null,
    id          uuid        not null,
    invoice_id  uuid        not null,
    refund_id   uuid        not null,
    number      text        not null,
    number_year int         not null,
    number_seq  int         not null,
    status      text        not null default 'issued',
    amount      bigint      not null,
    net         bigint      not null,
    taxes       jsonb       not null,
    issued_at   timestamptz not null,
    mail_due_at timestamptz,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    constraint credit_note_tenant_id_id_pk primary key (tenant_id, id),
    constraint credit_note_tenant_id_refund_id_uq unique (tenant_id, refund_id),
    constraint credit_note_tenant_id_number_uq unique (tenant_id, number_year, number_seq),
    constraint credit_note_tenant_id_invoice_id_fk foreign key (tenant_id, invoice_id)
        references app.invoice (tenant_id, id),
    constraint credit_note_status_ck check (status in ('issued', 'void')),
    constraint credit_note_amount_ck check (amount > 0)
);
create index credit_note_tenant_id_invoice_id_ix on app.credit_note (tenant_id, invoice_id);
create index credit_note_mail_due_at_ix on app.credit_note (mail_due_at) where mail_due_at is not null;
alter table app.credit_note enable row level security;
alter table app.credit_note force row level security;
create policy credit_note_tenant_isolation on app.credit_note for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy credit_note_relay on app.credit_note for all to ${relay_role} using (true) with check (true);
grant select, insert, update on app.credit_note to ${app_role};
grant select, delete on app.credit_note to ${eraser_role};
grant select (tenant_id, id, mail_due_at), update (mail_due_at) on app.credit_note to ${relay_role};

create table app.credit_note_number (
    tenant_id  uuid        not null,
    year       int         not null,
    last       int         not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint credit_note_number_tenant_id_year_pk primary key (tenant_id, year)
);
alter table app.credit_note_number enable row level security;
alter table app.credit_note_number force row level security;
create policy credit_note_number_tenant_isolation on app.credit_note_number for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.credit_note_number to ${app_role};
grant select, delete on app.credit_note_number to ${eraser_role};

-- What a tenant gets from us on paper: invoices, and the credit notes that correct them.
create view app.billing_document with (security_invoker = true) as
    select tenant_id, id, 'invoice' as kind, own_number, number, status, amount, currency, plan_code, plan_version, provider,
           period_start, period_end, issued_at, paid_at, description, net, taxes, tax_notes, place_of_supply,
           cast(null as uuid) as corrects
      from app.invoice
    union all
    select n.tenant_id, n.id, 'credit_note', n.number, null, n.status, n.amount, i.currency, i.plan_code, i.plan_version,
           i.provider, i.period_start, i.period_end, n.issued_at, null, i.description, n.net, n.taxes, i.tax_notes,
           i.place_of_supply, n.invoice_id
      from app.credit_note n join app.invoice i on i.tenant_id = n.tenant_id and i.id = n.invoice_id;
grant select on app.billing_document to ${app_role};
