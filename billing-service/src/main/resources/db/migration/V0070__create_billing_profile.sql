-- Whom a tenant's invoices are made out to. Until there is one, mails go to the owner (billing_contact).
create table app.billing_profile (
    tenant_id  uuid        not null,
    name       text        not null,
    address    jsonb       not null,
    country    text        not null,
    vat_id     text,
    gstin      text,
    email      text        not null,
    updated_by text        not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint billing_profile_tenant_id_pk primary key (tenant_id),
    constraint billing_profile_country_ck check (country ~ '^[A-Z]{2}$')
);
alter table app.billing_profile enable row level security;
alter table app.billing_profile force row level security;
create policy billing_profile_tenant_isolation on app.billing_profile for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.billing_profile to ${app_role};
grant select, delete on app.billing_profile to ${eraser_role};
