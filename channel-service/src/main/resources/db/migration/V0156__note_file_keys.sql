-- Which of the tenant's keys seals a file; null: the first that it has had. A key stays as long as a file needs it.
set local lock_timeout = '5s';
alter table app.media add column file_key integer;
