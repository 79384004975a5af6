-- The first epoch whose replies are still the bot's word, and are sent; null: the present one. A conversation that is given
-- back before anybody came is in a new epoch, and what the bot had said is its word as before.
set local lock_timeout = '5s';
alter table app.conversation add column word_epoch bigint;
