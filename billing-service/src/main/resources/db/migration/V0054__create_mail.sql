-- Mails that wait for the SMTP server, written with the change that they tell of. Their content may hold secrets: it
-- is encrypted with the tenant's data key, and gone once the mail is sent or given up. Copied verbatim into each
-- service that sends mail. The relay role sees which mails are due, and neither to whom nor what.
create table app.mail (
    tenant_id  uuid        not null,
    id         uuid        not null,
    recipient  text        not null,
    content    bytea,               -- subject, text and html
    status     text        not null default 'waiting',
    attempts   int         not null default 0,
    due_at     timestamptz not null default now(),
    last_error text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint mail_tenant_id_id_pk primary key (tenant_id, id),
    constraint mail_status_ck check (status in ('waiting', 'sent', 'dead')),
    constraint mail_content_ck check ((status = 'waiting') = (content is not null))
);
create index mail_due_at_ix on app.mail (due_at) where status = 'waiting';
create index mail_tenant_id_recipient_ix on app.mail (tenant_id, recipient, created_at);
create index mail_updated_at_ix on app.mail (updated_at) where status <> 'waiting';
alter table app.mail enable row level security;
alter table app.mail force row level security;
create policy mail_tenant_isolation on app.mail for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy mail_relay on app.mail for all to ${relay_role} using (true) with check (true);
grant select, insert, update, delete on app.mail to ${app_role};
grant select (tenant_id, id, status, attempts, due_at, updated_at), update (attempts, due_at, updated_at), delete
    on app.mail to ${relay_role};
