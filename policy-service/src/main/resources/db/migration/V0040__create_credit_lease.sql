-- Slices of a tenant's credits that a replica serves holds from in memory (ADR 0013). leased is the sum of the
-- tenant's leases: credits set aside as held ones are. A hold served from memory leaves its lease only through the
-- insert of its operation's row in hold, which happens once. A replica adds to no
-- lease that has ended_at and says in returned_at that it gave back what nobody held; a lease past expires_at is
-- anybody's to take away.
alter table app.credit_account
    add column leased bigint not null default 0,
    add constraint credit_account_leased_ck check (leased >= 0);

create table app.credit_lease (
    tenant_id      uuid        not null,
    id             uuid        not null,
    replica        uuid        not null,
    policy_version bigint      not null,
    credits        bigint      not null,            -- of the account's leased: free in memory, or held there
    served         bigint      not null default 0,  -- held there, as the replica said last
    expires_at     timestamptz not null,
    ended_at       timestamptz,
    returned_at    timestamptz,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    constraint credit_lease_tenant_id_id_pk primary key (tenant_id, id),
    constraint credit_lease_credits_ck check (credits >= 0)
) with (fillfactor = 50);

alter table app.credit_lease enable row level security;
alter table app.credit_lease force row level security;
create policy credit_lease_tenant_isolation on app.credit_lease for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.credit_lease to ${app_role};
grant select, delete on app.credit_lease to ${eraser_role};

-- A replica renews all its leases in one statement.
create policy credit_lease_relay on app.credit_lease for all to ${relay_role} using (true) with check (true);
grant select on app.credit_lease to ${relay_role};
grant update (expires_at, served, updated_at) on app.credit_lease to ${relay_role};

-- The decisions of this operation whose holds' credits have left their lease: mostly one, more after a retry elsewhere.
-- A replica that has such a hold in memory learns from it that the credits are gone.
alter table app.hold add column lease_decisions uuid[];

-- Decisions from memory are logged in groups, of all tenants at once.
alter table app.decision add column lease_id uuid;
create policy decision_relay on app.decision for insert to ${relay_role} with check (true);
grant insert on app.decision to ${relay_role};
