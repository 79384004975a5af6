-- A tenant's whole life: standing is what its subscription makes of it, and what it comes back to after a suspension
-- or a restoration; retention says after how many days which kind of its data goes (none: it stays).
alter table app.tenant
    add column standing             text   not null default 'pending',
    add column subscription_version bigint not null default 0,
    add column retention            jsonb  not null default '{}',
    add column deleted_at           timestamptz,
    drop constraint tenant_status_ck,
    alter column status set default 'pending';
update app.tenant set standing = 'active';
alter table app.tenant
    add constraint tenant_status_ck
        check (status in ('pending', 'trial', 'active', 'suspended', 'deleted', 'erasing', 'erased')),
    add constraint tenant_standing_ck check (standing in ('pending', 'trial', 'active'));
create index tenant_deleted_at_ix on app.tenant (deleted_at) where status = 'deleted';

alter table app.membership add column joined_at timestamptz not null default now();
update app.membership set joined_at = created_at;
