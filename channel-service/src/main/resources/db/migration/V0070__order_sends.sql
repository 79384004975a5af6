-- Sends go out in the order in which they were planned, whatever the clocks of those who planned them. The sweeper finds
-- what is late by indexes of its own: what is held waits for days, and is not read for that. What a vendor tells of
-- messages that are not ours is forgotten.
alter table app.send_intent add column place bigint;
-- The owner sees no rows where row level security is forced, so it is not while they are numbered.
alter table app.send_intent no force row level security;
update app.send_intent s set place = n.place
  from (select tenant_id, id, row_number() over (order by id) as place from app.send_intent) n
 where s.tenant_id = n.tenant_id and s.id = n.id;
-- due_at of what is held says until when
update app.send_intent set due_at = now() + interval '48 hours' where state = 'HELD';
alter table app.send_intent alter column place set not null;
alter table app.send_intent alter column place add generated always as identity;
select setval(pg_get_serial_sequence('app.send_intent', 'place'), coalesce(max(place), 0) + 1, false) from app.send_intent;
alter table app.send_intent force row level security;

drop index app.send_intent_tenant_id_conversation_id_open_ix;
create index send_intent_tenant_id_conversation_id_open_ix
    on app.send_intent (tenant_id, conversation_id, place) where state in ('PENDING', 'HELD', 'SENDING');
create index send_intent_pending_due_at_ix on app.send_intent (due_at) where state = 'PENDING';
create index send_intent_held_due_at_ix on app.send_intent (due_at) where state = 'HELD';
create index send_intent_lease_until_ix on app.send_intent (lease_until) where state = 'SENDING';
grant select (place) on app.send_intent to ${relay_role};

create index early_status_created_at_ix on app.early_status (created_at);
create policy early_status_relay on app.early_status for all to ${relay_role} using (true) with check (true);
grant select (created_at), delete on app.early_status to ${relay_role};
