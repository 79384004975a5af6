-- The inbox of payment providers' webhooks, written before they are answered. It belongs to no tenant: which one an
-- event concerns is only known from the provider's object, fetched later. Work is claimed for a time (claimed_until),
-- so that a worker that dies gives it back.
create table app.provider_event (
    provider      text        not null,
    account       text        not null,
    event_id      text        not null,
    type          text        not null,
    object_kind   text        not null,
    object_id     text,
    body          bytea       not null,
    headers       jsonb       not null,
    state         text        not null default 'received',
    attempts      int         not null default 0,
    claimed_until timestamptz not null default now(),
    last_error    text,
    received_at   timestamptz not null default now(),
    processed_at  timestamptz,
    constraint provider_event_pk primary key (provider, account, event_id),
    constraint provider_event_state_ck check (state in ('received', 'applied', 'ignored', 'failed'))
);
create index provider_event_claimed_until_ix on app.provider_event (claimed_until) where state = 'received';
grant select, insert on app.provider_event to ${app_role};
grant select, update (state, attempts, claimed_until, last_error, processed_at) on app.provider_event to ${relay_role};
