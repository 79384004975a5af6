-- The ledger of record. One row is one double entry: it debits one account and credits another with the same amount,
-- so a transaction that does not sum to zero cannot be written. The app role may only add rows.
create table app.ledger_transfer (
    tenant_id      uuid        not null,
    id             uuid        not null,
    source_key     text        not null,
    kind           text        not null,
    debit_account  text        not null,
    credit_account text        not null,
    credits        bigint      not null,
    operation_id   uuid,
    occurred_at    timestamptz not null,
    created_at     timestamptz not null default now(),
    constraint ledger_transfer_tenant_id_id_pk primary key (tenant_id, id),
    constraint ledger_transfer_tenant_id_source_key_uq unique (tenant_id, source_key),
    constraint ledger_transfer_credits_ck check (credits > 0),
    constraint ledger_transfer_accounts_ck check (debit_account <> credit_account)
);
create index ledger_transfer_tenant_id_operation_id_ix on app.ledger_transfer (tenant_id, operation_id);
alter table app.ledger_transfer enable row level security;
alter table app.ledger_transfer force row level security;
create policy ledger_transfer_tenant_isolation on app.ledger_transfer for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy ledger_transfer_relay on app.ledger_transfer for select to ${relay_role} using (true);
grant select, insert on app.ledger_transfer to ${app_role};
grant select (kind, credits, occurred_at) on app.ledger_transfer to ${relay_role};

-- The two entries of each transfer: a credit adds to an account's balance, a debit takes from it.
create view app.ledger_entry with (security_invoker = true) as
    select tenant_id, id as transfer_id, kind, debit_account as account, -credits as credits, operation_id, occurred_at
      from app.ledger_transfer
    union all
    select tenant_id, id, kind, credit_account, credits, operation_id, occurred_at
      from app.ledger_transfer;
grant select on app.ledger_entry to ${app_role};

-- Credits live in lots. grant_key makes a grant happen once: one trial, one lot per paid period, one per adjustment.
create table app.credit_lot (
    tenant_id          uuid        not null,
    id                 uuid        not null,
    grant_key          text        not null,
    source             text        not null,
    credits            bigint      not null,
    expires_at         timestamptz,
    reason             text,
    close_requested_at timestamptz,
    closed_at          timestamptz,
    unspent            bigint,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    created_by         text        not null,
    constraint credit_lot_tenant_id_id_pk primary key (tenant_id, id),
    constraint credit_lot_tenant_id_grant_key_uq unique (tenant_id, grant_key),
    constraint credit_lot_source_ck check (source in ('trial', 'plan', 'pack', 'adjustment')),
    constraint credit_lot_credits_ck check (credits > 0),
    constraint credit_lot_unspent_ck check (unspent between 0 and credits)
);
create index credit_lot_expires_at_ix on app.credit_lot (expires_at)
    where close_requested_at is null and closed_at is null;
alter table app.credit_lot enable row level security;
alter table app.credit_lot force row level security;
create policy credit_lot_tenant_isolation on app.credit_lot for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy credit_lot_relay on app.credit_lot for select to ${relay_role} using (true);
grant select, insert, update on app.credit_lot to ${app_role};
grant select (tenant_id, expires_at, close_requested_at, closed_at) on app.credit_lot to ${relay_role};
