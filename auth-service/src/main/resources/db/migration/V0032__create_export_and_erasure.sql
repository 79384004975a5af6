-- Exports of tenants and erasures. An erasure is a row of the platform, since it outlives the tenant that it erases; it
-- holds no name. The eraser role may also delete people who belonged to an erased tenant only.
create table app.export (
    tenant_id    uuid        not null,
    id           uuid        not null,
    status       text        not null,
    requested_by text        not null,
    ended_at     timestamptz,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    constraint export_tenant_id_id_pk primary key (tenant_id, id),
    constraint export_status_ck check (status in ('running', 'ready', 'failed', 'expired'))
);
create unique index export_tenant_id_running_uq on app.export (tenant_id) where status = 'running';
create index export_status_ix on app.export (status, id) where status in ('running', 'ready');
alter table app.export enable row level security;
alter table app.export force row level security;
create policy export_tenant_isolation on app.export for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy export_relay on app.export for select to ${relay_role} using (true);
grant select, insert, update on app.export to ${app_role};
grant select (tenant_id, id, status, ended_at, created_at) on app.export to ${relay_role};
grant select, delete on app.export to ${eraser_role};

create table app.export_part (
    tenant_id  uuid        not null,
    export_id  uuid        not null,
    service    text        not null,
    kinds      jsonb       not null,
    created_at timestamptz not null default now(),
    constraint export_part_tenant_id_export_id_service_pk primary key (tenant_id, export_id, service),
    constraint export_part_tenant_id_export_id_fk foreign key (tenant_id, export_id)
        references app.export (tenant_id, id)
);
alter table app.export_part enable row level security;
alter table app.export_part force row level security;
create policy export_part_tenant_isolation on app.export_part for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.export_part to ${app_role};
grant select, delete on app.export_part to ${eraser_role};

create table app.erasure (
    tenant_id        uuid        not null,  -- the platform
    id               uuid        not null,
    erased_tenant_id uuid        not null,
    status           text        not null,
    token_sha256     bytea,                 -- opens the certificate
    audit_head       jsonb,
    certificate      text,
    asked_at         timestamptz not null default now(),
    completed_at     timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    constraint erasure_tenant_id_id_pk primary key (tenant_id, id),
    constraint erasure_tenant_id_erased_tenant_id_uq unique (tenant_id, erased_tenant_id),
    constraint erasure_status_ck check (status in ('running', 'done')),
    constraint erasure_done_ck check ((status = 'done') = (certificate is not null))
);
alter table app.erasure enable row level security;
alter table app.erasure force row level security;
create policy erasure_tenant_isolation on app.erasure for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.erasure to ${app_role};
grant select on app.erasure to ${eraser_role};

create table app.erasure_answer (
    tenant_id  uuid        not null,
    erasure_id uuid        not null,
    service    text        not null,
    answer     jsonb       not null,
    created_at timestamptz not null default now(),
    constraint erasure_answer_tenant_id_erasure_id_service_pk primary key (tenant_id, erasure_id, service),
    constraint erasure_answer_tenant_id_erasure_id_fk foreign key (tenant_id, erasure_id)
        references app.erasure (tenant_id, id)
);
alter table app.erasure_answer enable row level security;
alter table app.erasure_answer force row level security;
create policy erasure_answer_tenant_isolation on app.erasure_answer for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert on app.erasure_answer to ${app_role};
grant select on app.erasure_answer to ${eraser_role};

-- Never deleted: a certificate of years ago must still be verifiable.
create table app.erasure_key (
    id          uuid        not null,
    private_key bytea       not null,
    created_at  timestamptz not null default now(),
    constraint erasure_key_id_pk primary key (id)
);
grant select, insert on app.erasure_key to ${app_role};

create view app.member_export with (security_invoker = true) as
    select m.tenant_id, m.user_id, u.email, u.name, m.role, m.joined_at, m.removed_at, m.created_by
      from app.membership m left join app.user_account u on u.id = m.user_id;
grant select on app.member_export to ${app_role};

grant select, delete on app.user_account, app.signup to ${eraser_role};
