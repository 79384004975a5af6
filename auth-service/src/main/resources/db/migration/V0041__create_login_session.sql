-- Where each person is logged in, for the person's own list: browsers and API clients alike. The id is Keycloak's. A row
-- goes when the session ends; one that was not used for 30 days belongs to a session that Keycloak has ended.
create table app.login_session (
    session_id   text        not null,
    user_id      uuid        not null,
    device       text        not null,
    address      text        not null,
    last_used_at timestamptz not null default now(),
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    constraint login_session_session_id_pk primary key (session_id)
);
create index login_session_user_id_ix on app.login_session (user_id);
create index login_session_last_used_at_ix on app.login_session (last_used_at);
grant select, insert, update, delete on app.login_session to ${app_role};
