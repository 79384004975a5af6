-- Pictures, voice and documents: what people upload, and what customers send, which is fetched from the vendor after
-- its message was stored. The bytes stand in the storage, sealed for their row by the tenant's key.
create table app.media (
    tenant_id          uuid        not null,
    id                 uuid        not null,
    state              text        not null constraint media_state_ck check (state in ('AWAITED', 'STORED', 'FAILED')),
    media_type         text,                        -- by content
    bytes              bigint,
    file_name          text,
    conversation_id    uuid,                        -- of what customers send
    message_id         uuid,
    channel_account_id uuid,
    reference          jsonb,                       -- how the vendor knows it
    attempts           int         not null default 0,
    due_at             timestamptz not null default now(),
    last_error         text,
    created_by         text        not null,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    constraint media_tenant_id_id_pk primary key (tenant_id, id),
    constraint media_tenant_id_message_id_fk foreign key (tenant_id, message_id)
        references app.message (tenant_id, id),
    constraint media_tenant_id_channel_account_id_fk foreign key (tenant_id, channel_account_id)
        references app.channel_account (tenant_id, id)
);
create index media_tenant_id_message_id_ix on app.media (tenant_id, message_id) where message_id is not null;
create index media_due_at_ix on app.media (due_at) where state = 'AWAITED';
alter table app.media enable row level security;
alter table app.media force row level security;
create policy media_tenant_isolation on app.media for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy media_relay on app.media for select to ${relay_role} using (true);
grant select, insert, update, delete on app.media to ${app_role};
grant select, delete on app.media to ${eraser_role};
grant select (tenant_id, id, state, due_at) on app.media to ${relay_role};
