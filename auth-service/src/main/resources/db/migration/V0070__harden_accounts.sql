-- Of a person whose address was proven just now: since when, which password Keycloak had then, and when to look again
-- whether it still has it (ArrivalFlow). All null of everybody else.
alter table app.user_account
    add column watched_since    timestamptz,
    add column watched_password timestamptz,
    add column watch_at         timestamptz;
create index user_account_watch_at_ix on app.user_account (watch_at) where watch_at is not null;
-- How many locks the device opened since its last good login.
alter table app.known_device add column unlocks int not null default 0;
-- Since when a person is being deleted with its last tenant; it joins no other meanwhile.
alter table app.user_account add column leaving_at timestamptz;
