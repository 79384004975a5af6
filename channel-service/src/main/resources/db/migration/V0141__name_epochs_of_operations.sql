-- The conversation's epoch in which an answer was asked for: the answer is not stored in another one.
set local lock_timeout = '5s';
alter table app.operation add column epoch bigint not null default 0;
