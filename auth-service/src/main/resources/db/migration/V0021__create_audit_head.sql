-- The signed heads of the trails and the keys that sign them. Both are append only and neither key nor head is ever
-- deleted: an export of years ago must still be checkable. The private half is encrypted with the platform's data key.
create table app.audit_key (
    id          uuid        not null,
    private_key bytea       not null,
    created_at  timestamptz not null default now(),
    constraint audit_key_id_pk primary key (id)
);
grant select, insert on app.audit_key to ${app_role};

create table app.audit_head (
    tenant_id  uuid        not null,
    seq        bigint      not null,
    hash       text        not null,
    signed_at  timestamptz not null,
    jws        text        not null,
    created_at timestamptz not null default now(),
    constraint audit_head_tenant_id_seq_pk primary key (tenant_id, seq)
);
alter table app.audit_head enable row level security;
alter table app.audit_head force row level security;
create policy audit_head_tenant_isolation on app.audit_head for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert on app.audit_head to ${app_role};
