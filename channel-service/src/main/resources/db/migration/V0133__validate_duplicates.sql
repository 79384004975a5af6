-- As V0131, for V0132.
set local lock_timeout = '5s';
alter table app.inbound_event validate constraint inbound_event_duplicates_ck;
