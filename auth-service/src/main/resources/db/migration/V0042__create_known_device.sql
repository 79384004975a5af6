-- Devices from which a person logged in before. They carry a random token, stored as its SHA-256, and pass a lock that
-- somebody else's guesses brought upon the account; ten guesses of their own end that.
create table app.known_device (
    token_sha256 bytea       not null,
    user_id      uuid        not null,
    failures     int         not null default 0,
    expires_at   timestamptz not null,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    constraint known_device_token_sha256_pk primary key (token_sha256)
);
create index known_device_user_id_ix on app.known_device (user_id);
create index known_device_expires_at_ix on app.known_device (expires_at);
grant select, insert, update, delete on app.known_device to ${app_role};
