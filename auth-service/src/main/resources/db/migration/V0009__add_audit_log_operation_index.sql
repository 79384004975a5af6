-- The steps of one operation are looked up by its id.
create index audit_log_tenant_id_operation_id_ix on app.audit_log (tenant_id, operation_id);
