-- A conversation waits when its agent asked for a person and nobody took it yet: the bot is silent, no lease runs, and why
-- it was asked for stands beside it until the bot has the conversation again. handoff_told_at: the customer who goes on
-- writing was told once that somebody will come.
alter table app.conversation
    drop constraint conversation_owner_ck,
    add constraint conversation_owner_ck check (owner in ('bot', 'waiting', 'staff')),
    add column handoff_reason  text,
    add column handoff_summary text,
    add column handoff_at      timestamptz,
    add column handoff_told_at timestamptz,
    add constraint conversation_waiting_ck check (owner <> 'waiting' or handoff_at is not null);
-- the inboxes of people: what waits, what somebody has
create index conversation_tenant_id_owner_ix on app.conversation (tenant_id, owner, id) where owner <> 'bot';
create index conversation_tenant_id_assigned_to_ix on app.conversation (tenant_id, assigned_to, id) where owner = 'staff';
