-- How far the sends of an account have come in its vendor's allowance, over all replicas: one narrow row, which a claim
-- of a send moves in its last statement. Times are the database's.
set local lock_timeout = '5s';
create table app.channel_pace (
    tenant_id          uuid        not null,
    channel_account_id uuid        not null,
    busy_until         timestamptz not null,  -- when all of the allowance would be back
    queue_until        timestamptz,           -- the first turn that nobody has yet
    rests_until        timestamptz,           -- the vendor wants nothing before
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    constraint channel_pace_tenant_id_channel_account_id_pk primary key (tenant_id, channel_account_id),
    constraint channel_pace_tenant_id_channel_account_id_fk foreign key (tenant_id, channel_account_id)
        references app.channel_account (tenant_id, id)
) with (fillfactor = 20);
alter table app.channel_pace enable row level security;
alter table app.channel_pace force row level security;
create policy channel_pace_tenant_isolation on app.channel_pace for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.channel_pace to ${app_role};
grant select, delete on app.channel_pace to ${eraser_role};

alter table app.send_intent add column turn_at timestamptz;              -- its turn in its account's pace
alter table app.conversation add column recipient_busy_until timestamptz; -- as busy_until, of one recipient
