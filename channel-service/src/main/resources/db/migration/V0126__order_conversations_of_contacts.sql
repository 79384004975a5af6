-- A contact's conversations by their age, newest first: how many one sender opened lately is read from it.
set local lock_timeout = '5s';
create index conversation_tenant_id_contact_id_id_ix on app.conversation (tenant_id, contact_id, id);
drop index app.conversation_tenant_id_contact_id_ix;
