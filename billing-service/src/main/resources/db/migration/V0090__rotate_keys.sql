-- Rotation of keys. wrapped_by is the master key that wraps a row, as Tink writes it before what it encrypts: 01 and the
-- key's number; in a keyset that stands after a tag and a length of one or two bytes. The relay role finds what is due
-- and never sees a wrapped key of secrets. Copied verbatim into each service as its migration rotate_keys.
set local lock_timeout = '5s';
alter table app.tenant_data_key
    add column wrapped_by  bytea       generated always as
        (substring(wrapped from case when substring(wrapped from 2 for 1) < '\x80' then 3 else 4 end for 5)) stored,
    add column rotated_at  timestamptz,                        -- since when its newest key is in use; null: ever since
    add column retiring    boolean     not null default false, -- older keys are still in it
    add column clear_since timestamptz,                        -- since when nothing was found under them
    add column look_after  timestamptz not null default now();
create policy tenant_data_key_relay on app.tenant_data_key for all to ${relay_role} using (true) with check (true);
grant select (tenant_id, wrapped_by, rotated_at, retiring, look_after, created_at), update (look_after)
    on app.tenant_data_key to ${relay_role};

alter table app.tenant_event_key
    add column wrapped_by bytea generated always as
        (substring(wrapped from case when substring(wrapped from 2 for 1) < '\x80' then 3 else 4 end for 5)) stored;
