-- Which warnings of one period were sent: 80 and 100 percent of the credits, each once.
create table app.credit_warning (
    tenant_id    uuid        not null,
    period_start timestamptz not null,
    percent      int         not null,
    created_at   timestamptz not null default now(),
    constraint credit_warning_pk primary key (tenant_id, period_start, percent)
);
alter table app.credit_warning enable row level security;
alter table app.credit_warning force row level security;
create policy credit_warning_tenant_isolation on app.credit_warning for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert on app.credit_warning to ${app_role};
grant select, delete on app.credit_warning to ${eraser_role};
