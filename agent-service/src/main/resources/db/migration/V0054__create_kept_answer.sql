-- Answers that a tenant wants to be given again to the same question: by a number made from prompt version, model,
-- parameters and the whole context, encrypted under the tenant's data key.
create table app.kept_answer (
    tenant_id  uuid        not null,
    id         uuid        not null,
    question   bytea       not null,
    answer     bytea       not null,
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint kept_answer_tenant_id_id_pk primary key (tenant_id, id),
    constraint kept_answer_tenant_id_question_uq unique (tenant_id, question)
);
create index kept_answer_tenant_id_expires_at_ix on app.kept_answer (tenant_id, expires_at);
alter table app.kept_answer enable row level security;
alter table app.kept_answer force row level security;
create policy kept_answer_tenant_isolation on app.kept_answer for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.kept_answer to ${app_role};
grant select, delete on app.kept_answer to ${eraser_role};

alter table app.run add column cached boolean not null default false;
