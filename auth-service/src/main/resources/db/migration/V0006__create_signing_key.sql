-- Keys that sign tenant contexts. The private half is encrypted with the platform's data key.
create table app.signing_key (
    id           uuid        not null,
    public_jwk   text        not null,
    private_key  bytea       not null,
    signing_from timestamptz not null,
    created_at   timestamptz not null default now(),
    constraint signing_key_id_pk primary key (id)
);
grant select, insert, delete on app.signing_key to ${app_role};
