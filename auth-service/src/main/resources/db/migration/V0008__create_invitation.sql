-- Invitations to a tenant: the token is stored as its SHA-256 and names its tenant, so it is looked up inside it.
create table app.invitation (
    tenant_id    uuid        not null,
    id           uuid        not null,
    email        text        not null,
    role         text        not null,
    token_sha256 bytea       not null,
    expires_at   timestamptz not null,
    accepted_at  timestamptz,
    accepted_by  uuid,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    created_by   text        not null,
    constraint invitation_tenant_id_id_pk primary key (tenant_id, id),
    constraint invitation_tenant_id_token_sha256_uq unique (tenant_id, token_sha256),
    constraint invitation_tenant_id_fk foreign key (tenant_id) references app.tenant (tenant_id),
    constraint invitation_role_ck check (role in ('owner', 'admin', 'member'))
);
alter table app.invitation enable row level security;
alter table app.invitation force row level security;
create policy invitation_tenant_isolation on app.invitation for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.invitation to ${app_role};
