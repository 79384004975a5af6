-- The ledger is closed day by day: number and digest of the day's transfers in order, sums and balances, and the hash of
-- the close before, so that nothing of a closed day can be altered, deleted or inserted unseen. A transfer's day is that
-- of its id (UUIDv7), the time at which it was booked. Closes are only ever added.
create table app.ledger_close (
    tenant_id     uuid        not null,
    day           date        not null,
    transfers     bigint      not null,
    digest        text        not null,
    sums          jsonb       not null,               -- account -> what the day's entries add to it
    balances      jsonb       not null,               -- account -> its balance at the end of the day
    faults        jsonb       not null,               -- what could not be proven
    faulty        boolean     not null,
    previous_hash text        not null,
    hash          text        not null,
    created_at    timestamptz not null default now(),
    constraint ledger_close_tenant_id_day_pk primary key (tenant_id, day)
);
alter table app.ledger_close enable row level security;
alter table app.ledger_close force row level security;
create policy ledger_close_tenant_isolation on app.ledger_close for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy ledger_close_relay on app.ledger_close for select to ${relay_role} using (true);
grant select, insert on app.ledger_close to ${app_role};
grant select, delete on app.ledger_close to ${eraser_role};
grant select (tenant_id, day, faulty) on app.ledger_close to ${relay_role};

-- Ids grow with time: a block range index finds the transfers of the last days over all tenants.
create index ledger_transfer_id_ix on app.ledger_transfer using brin (id);
grant select (tenant_id, id) on app.ledger_transfer to ${relay_role};
