-- One living invitation per tenant and address, which a further one renews. Of those that lived side by side until now,
-- the latest stays.
alter table app.invitation add column revoked_at timestamptz;
update app.invitation older set revoked_at = now(), updated_at = now()
where accepted_at is null and exists (select 1 from app.invitation newer
    where newer.tenant_id = older.tenant_id and newer.email = older.email and newer.accepted_at is null
      and newer.id > older.id);
create unique index invitation_tenant_id_email_uq on app.invitation (tenant_id, email)
    where accepted_at is null and revoked_at is null;
