-- What refers to a message is looked for when messages end, by a period or with their tenant: without an index each of
-- them would read all of the tenant's. One table in a migration, so that no more than one is locked at a time.
create index operation_tenant_id_message_id_ix on app.operation (tenant_id, message_id);
