-- Our own invoices over what a provider charged: a number per tenant and year without gaps, taken in the transaction that
-- issues, and what was charged with its taxes. Names and addresses stand in invoice_party, which an erasure deletes; the
-- amounts stay.
alter table app.invoice
    add column own_number      text,
    add column number_year     int,
    add column number_seq      int,
    add column description     text,
    add column net             bigint,
    add column taxes           jsonb,
    add column tax_notes       jsonb,
    add column place_of_supply text,
    add column receipt_due_at  timestamptz,
    add constraint invoice_tenant_id_number_uq unique (tenant_id, number_year, number_seq),
    add constraint invoice_number_ck check ((own_number is null) = (number_seq is null)
        and (own_number is null) = (number_year is null) and (own_number is null) = (net is null));
create index invoice_receipt_due_at_ix on app.invoice (receipt_due_at) where receipt_due_at is not null;
create policy invoice_relay_claim on app.invoice for update to ${relay_role} using (true) with check (true);
grant select (tenant_id, id, receipt_due_at), update (receipt_due_at) on app.invoice to ${relay_role};

create table app.invoice_number (
    tenant_id  uuid        not null,
    year       int         not null,
    last       int         not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint invoice_number_tenant_id_year_pk primary key (tenant_id, year)
);
alter table app.invoice_number enable row level security;
alter table app.invoice_number force row level security;
create policy invoice_number_tenant_isolation on app.invoice_number for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.invoice_number to ${app_role};
grant select, delete on app.invoice_number to ${eraser_role};

create table app.invoice_party (
    tenant_id  uuid        not null,
    invoice_id uuid        not null,
    seller     jsonb       not null,
    buyer      jsonb       not null,
    created_at timestamptz not null default now(),
    constraint invoice_party_tenant_id_invoice_id_pk primary key (tenant_id, invoice_id),
    constraint invoice_party_tenant_id_invoice_id_fk foreign key (tenant_id, invoice_id)
        references app.invoice (tenant_id, id)
);
alter table app.invoice_party enable row level security;
alter table app.invoice_party force row level security;
create policy invoice_party_tenant_isolation on app.invoice_party for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert on app.invoice_party to ${app_role};
grant select, delete on app.invoice_party to ${eraser_role};
