-- A send is one message of any kind that a channel knows, not a text alone. HELD is what may not be sent now: the
-- customer wrote too long ago, and it goes out when they write again.
alter table app.send_intent alter column text type jsonb
    using jsonb_build_object('type', 'text', 'text', text, 'buttons', '[]'::jsonb);
alter table app.send_intent rename column text to part;
alter table app.send_intent drop constraint send_intent_state_ck, add constraint send_intent_state_ck
    check (state in ('PENDING', 'HELD', 'SENDING', 'SENT', 'FAILED', 'AMBIGUOUS', 'CANCELLED'));
drop index app.send_intent_tenant_id_conversation_id_open_ix;
create index send_intent_tenant_id_conversation_id_open_ix
    on app.send_intent (tenant_id, conversation_id, id) where state in ('PENDING', 'HELD', 'SENDING');

-- when the customer wrote last, by the vendor's clock
alter table app.conversation add column last_inbound_at timestamptz;
