-- A contact that was merged is found by the one that it was merged into. Identities are written with every message.
create index contact_tenant_id_merged_into_ix on app.contact (tenant_id, merged_into) where merged_into is not null;
alter table app.contact_identity set (fillfactor = 80);
