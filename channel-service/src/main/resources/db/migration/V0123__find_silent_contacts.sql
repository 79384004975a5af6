-- Contacts who asked for silence lose their names past the period: they are few, and are found without the others.
create index contact_tenant_id_updated_at_silent_ix on app.contact (tenant_id, updated_at)
    where opted_out_at is not null and created_by = 'messenger';
