-- platform's table of mails came after the eraser's role did.
alter policy mail_tenant_isolation on app.mail to ${app_role}, ${eraser_role};
grant select, delete on app.mail to ${eraser_role};

-- Whom a tenant's mails about money go to: the owner, as auth tells of a new tenant.
create table app.billing_contact (
    tenant_id  uuid        not null,
    email      text        not null,
    name       text        not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint billing_contact_tenant_id_pk primary key (tenant_id)
);
alter table app.billing_contact enable row level security;
alter table app.billing_contact force row level security;
create policy billing_contact_tenant_isolation on app.billing_contact for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.billing_contact to ${app_role};
grant select, delete on app.billing_contact to ${eraser_role};

-- Which reminders of one overdue payment were sent: each once.
create table app.dunning_mail (
    tenant_id      uuid        not null,
    past_due_since timestamptz not null,
    step           text        not null,
    created_at     timestamptz not null default now(),
    constraint dunning_mail_pk primary key (tenant_id, past_due_since, step)
);
alter table app.dunning_mail enable row level security;
alter table app.dunning_mail force row level security;
create policy dunning_mail_tenant_isolation on app.dunning_mail for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert on app.dunning_mail to ${app_role};
grant select, delete on app.dunning_mail to ${eraser_role};
