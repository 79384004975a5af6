-- Credits that staff took back: each withdrawal takes once, and is answered the same when it is asked for again.
create table app.credit_withdrawal (
    tenant_id  uuid        not null,
    id         uuid        not null,
    credits    bigint      not null,   -- taken
    lots       jsonb       not null,   -- what each lot gave
    created_at timestamptz not null default now(),
    constraint credit_withdrawal_tenant_id_id_pk primary key (tenant_id, id),
    constraint credit_withdrawal_credits_ck check (credits >= 0)
);
alter table app.credit_withdrawal enable row level security;
alter table app.credit_withdrawal force row level security;
create policy credit_withdrawal_tenant_isolation on app.credit_withdrawal for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert on app.credit_withdrawal to ${app_role};
grant select, delete on app.credit_withdrawal to ${eraser_role};
