-- Razorpay takes a cancellation at the end of a period, but neither tells that it has one nor takes it back. So the wish
-- is kept here, where it can be read and withdrawn, and Razorpay is told (told_at) shortly before the period ends.
create table app.razorpay_ending (
    tenant_id       uuid        not null,
    subscription_id text        not null,
    ends_at         timestamptz not null,
    told_at         timestamptz,
    withdrawn_at    timestamptz,
    attempts        int         not null default 0,
    next_attempt_at timestamptz,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    constraint razorpay_ending_pk primary key (tenant_id, subscription_id)
);
create index razorpay_ending_next_attempt_at_ix on app.razorpay_ending (next_attempt_at)
    where next_attempt_at is not null;
alter table app.razorpay_ending enable row level security;
alter table app.razorpay_ending force row level security;
create policy razorpay_ending_tenant_isolation on app.razorpay_ending for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy razorpay_ending_relay on app.razorpay_ending for all to ${relay_role} using (true) with check (true);
grant select, insert, update on app.razorpay_ending to ${app_role};
grant select, update (attempts, next_attempt_at) on app.razorpay_ending to ${relay_role};
grant select, delete on app.razorpay_ending to ${eraser_role};
