-- Browser sessions belong to a person, not to a tenant. The cookie is stored as its SHA-256, Keycloak's tokens
-- encrypted. ended_session remembers Keycloak sessions that were ended here until their last access token expires.
create table app.login_attempt (
    state_sha256   bytea       not null,
    binding_sha256 bytea       not null,  -- of the cookie of the browser that began the login
    nonce          text        not null,
    code_verifier  text        not null,
    redirect_to    text        not null,
    expires_at     timestamptz not null,
    created_at     timestamptz not null default now(),
    constraint login_attempt_state_sha256_pk primary key (state_sha256)
);
create index login_attempt_expires_at_ix on app.login_attempt (expires_at);
grant select, insert, delete on app.login_attempt to ${app_role};

create table app.browser_session (
    id                   uuid        not null,
    cookie_sha256        bytea       not null,
    session_id           text        not null,  -- Keycloak's, named in session-ended events
    user_id              uuid        not null,
    access_token         bytea       not null,
    access_expires_at    timestamptz not null,
    refresh_token        bytea       not null,
    expires_at           timestamptz not null,
    refresh_lease_until  timestamptz,
    created_at           timestamptz not null default now(),
    updated_at           timestamptz not null default now(),
    constraint browser_session_id_pk primary key (id),
    constraint browser_session_cookie_sha256_uq unique (cookie_sha256)
);
create index browser_session_expires_at_ix on app.browser_session (expires_at);
grant select, insert, update, delete on app.browser_session to ${app_role};

create table app.ended_session (
    session_id text        not null,
    until      timestamptz not null,
    created_at timestamptz not null default now(),
    constraint ended_session_session_id_pk primary key (session_id)
);
create index ended_session_until_ix on app.ended_session (until);
grant select, insert, delete on app.ended_session to ${app_role};
