set local lock_timeout = '5s';
alter table app.message add column event_id text;  -- the vendor's, of a message that came by webhook
alter table app.inbound_event add column duplicates int not null default 0;  -- how often it came once more
alter table app.inbound_event add constraint inbound_event_duplicates_ck check (duplicates >= 0) not valid;
