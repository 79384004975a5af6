-- A conversation that is given back before anybody came is in a new epoch, and what the bot had said is its word as before:
-- word_epoch is the first epoch whose replies are still sent. It holds in the epoch word_for only, so whoever ends an epoch
-- need not know of it.
set local lock_timeout = '5s';
alter table app.conversation add column word_epoch bigint, add column word_for bigint;
