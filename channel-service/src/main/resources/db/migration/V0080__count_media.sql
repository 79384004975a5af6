-- What a tenant keeps is summed before it keeps more: from the index alone.
create index media_tenant_id_bytes_ix on app.media (tenant_id, bytes) where state = 'STORED';
