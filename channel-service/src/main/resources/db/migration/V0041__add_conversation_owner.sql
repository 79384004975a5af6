-- Who speaks in a conversation: the bot, or a person as long as the lease lasts. Whatever the bot planned under an older
-- epoch is never sent. The relay role finds leases that are over.
alter table app.conversation
    add column owner       text        not null default 'bot' constraint conversation_owner_ck check (owner in ('bot', 'staff')),
    add column epoch       bigint      not null default 0,
    add column assigned_to text,                            -- the person's subject
    add column owner_until timestamptz,
    add constraint conversation_staff_ck check ((owner = 'staff') = (assigned_to is not null and owner_until is not null));
create index conversation_tenant_id_owner_until_ix on app.conversation (tenant_id, owner_until) where owner = 'staff';
create policy conversation_relay on app.conversation for select to ${relay_role} using (true);
grant select (tenant_id, id, owner, owner_until) on app.conversation to ${relay_role};

-- What people write is part 1 of a turn of its own; a notice is said by Parley itself, and no agent hears of it.
alter table app.message
    drop constraint message_role_ck,
    add constraint message_role_ck check (role in ('user', 'assistant', 'staff', 'notice')),
    add column cancelled_at timestamptz;                    -- of a reply that was never sent and never will be

-- MERGED: a later message of the same burst is answered for both. HELD_BY_STAFF: a person answers. HANDLED: Parley did.
alter table app.operation
    drop constraint operation_state_ck,
    add constraint operation_state_ck check (state in
        ('QUEUED', 'RUNNING', 'ANSWERED', 'REFUSED', 'FAILED', 'MERGED', 'HELD_BY_STAFF', 'HANDLED')),
    add column merged_into uuid;
create index operation_tenant_id_merged_into_ix on app.operation (tenant_id, merged_into) where merged_into is not null;

alter table app.send_intent
    add column purpose text   not null default 'reply' constraint send_intent_purpose_ck
        check (purpose in ('reply', 'staff', 'notice')),
    add column epoch   bigint not null default 0;           -- the conversation's, when the reply was asked for
