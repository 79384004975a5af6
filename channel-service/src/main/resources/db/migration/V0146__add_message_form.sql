-- What a person said beside or instead of words: the buttons that were shown, or the template that was sent.
set local lock_timeout = '5s';
alter table app.message add column buttons jsonb, add column template jsonb;
