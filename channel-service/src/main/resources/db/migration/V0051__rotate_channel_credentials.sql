-- Credentials that were replaced are good for webhooks for another day. In the mode observe, a call whose signature is
-- wrong is taken and counted; in enforce it is refused.
alter table app.channel_account
    add column previous_credentials bytea,
    add column previous_until       timestamptz,
    add column signature_mode       text   not null default 'enforce'
        constraint channel_account_signature_mode_ck check (signature_mode in ('observe', 'enforce')),
    add column would_be_refused     bigint not null default 0,  -- since the mode is observe
    add constraint channel_account_previous_ck check ((previous_credentials is null) = (previous_until is null));
