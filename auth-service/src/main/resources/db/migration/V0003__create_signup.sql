-- One row per e-mail address that ever began to sign up: its primary key is what makes fifty parallel sign-ups one
-- tenant. A row that stays 'started' after a crash is finished, or forgotten, by the sweep.
create table app.signup (
    email        text        not null,
    name         text        not null,
    organization text        not null,
    status       text        not null default 'started',
    user_id      uuid,
    organization_tenant_id uuid,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    constraint signup_email_pk primary key (email),
    constraint signup_status_ck check (status in ('started', 'completed')),
    constraint signup_completed_ck check (status = 'started' or (user_id is not null and organization_tenant_id is not null))
);
create index signup_started_ix on app.signup (updated_at) where status = 'started';
grant select, insert, update, delete on app.signup to ${app_role};
