-- observe ends by itself; credentials are changed by one at a time; vendors that repeat no webhook are asked what came.
alter table app.channel_account
    add column observe_until  timestamptz,
    add column credentials_no bigint      not null default 1,
    add column asked_at       timestamptz not null default now(),
    add column answered_at    timestamptz not null default now();  -- what was delivered before is known
create index channel_account_asked_at_ix on app.channel_account (type, asked_at) where deleted_at is null;
create index channel_account_previous_until_ix on app.channel_account (previous_until) where previous_until is not null;
grant select (type, deleted_at, previous_until, asked_at) on app.channel_account to ${relay_role};
