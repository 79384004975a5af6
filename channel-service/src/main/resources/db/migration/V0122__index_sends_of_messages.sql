-- As V0120, for what was sent.
create index send_intent_tenant_id_message_id_ix on app.send_intent (tenant_id, message_id);
