-- Whose turn it is in a conversation whose customer waits for the answer: one message at a time is answered. The turn
-- ends with its operation, or with its time when whoever answered is gone.
set local lock_timeout = '5s';
alter table app.conversation
    add column turn_operation uuid,
    add column turn_until     timestamptz;
