-- The catalogue of credit packs belongs to the platform. A version is written once, as a plan's.
create table app.credit_pack (
    code       text        not null,
    created_by text        not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint credit_pack_code_pk primary key (code)
);

create table app.credit_pack_version (
    pack_code    text        not null,
    version      int         not null,
    name         text        not null,
    price_amount bigint      not null,
    currency     text        not null,
    credits      bigint      not null,
    valid_days   int,
    created_by   text        not null,
    created_at   timestamptz not null default now(),
    constraint credit_pack_version_pack_code_version_pk primary key (pack_code, version),
    constraint credit_pack_version_pack_code_fk foreign key (pack_code) references app.credit_pack (code),
    constraint credit_pack_version_price_amount_ck check (price_amount > 0),
    constraint credit_pack_version_currency_ck check (currency ~ '^[A-Z]{3}$'),
    constraint credit_pack_version_credits_ck check (credits > 0),
    constraint credit_pack_version_valid_days_ck check (valid_days between 1 and 3650)
);
grant select, insert, update on app.credit_pack to ${app_role};
grant select, insert on app.credit_pack_version to ${app_role};

-- A checkout buys a plan version or a pack version. The rest is what the provider is told: it must be the same each time
-- the provider is asked, so it is written down with the intent.
alter table app.checkout
    alter column plan_code drop not null,
    alter column plan_version drop not null,
    add column pack_code       text,
    add column pack_version    int,
    add column customer_id     text,
    add column first_charge_at timestamptz,
    add column clock_id        text,
    add constraint checkout_purchase_ck check (
        (plan_code is null) = (plan_version is null) and (pack_code is null) = (pack_version is null)
        and (plan_code is null) <> (pack_code is null));

-- Who was paid for a lot, and how much: a refund of it never exceeds that.
alter table app.credit_lot
    add column paid_provider text,
    add column paid_invoice  text,
    add column paid_payment  text,
    add column paid_amount   bigint,
    add column paid_currency text,
    add constraint credit_lot_paid_ck check (
        (paid_provider is null) = (paid_amount is null) and (paid_amount is null) = (paid_currency is null)
        and paid_amount > 0);
