-- Devices of customers, and what they are to be shown when nobody reads a conversation. A token is encrypted, and found
-- again by its hash. A notice is an order to tell one device of one message, made once and sent at most once. Messages
-- that are read as they come leave their notices READ, whichever is there first. The relay role sees which tenants have
-- devices, and when something is due.
create table app.push_device (
    tenant_id          uuid        not null,
    id                 uuid        not null,
    channel_account_id uuid        not null,
    conversation_id    uuid        not null,
    contact_id         uuid,                -- whose it is, as the tenant says; otherwise the conversation's contact
    token_hash         bytea       not null,
    token              bytea       not null,
    platform           text        not null constraint push_device_platform_ck check (platform in ('android', 'ios', 'web')),
    language           text,
    last_seen_at       timestamptz not null default now(),
    created_by         text        not null,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    constraint push_device_tenant_id_id_pk primary key (tenant_id, id),
    constraint push_device_tenant_id_conversation_id_token_hash_uq unique (tenant_id, conversation_id, token_hash),
    constraint push_device_tenant_id_channel_account_id_fk foreign key (tenant_id, channel_account_id)
        references app.channel_account (tenant_id, id),
    constraint push_device_tenant_id_conversation_id_fk foreign key (tenant_id, conversation_id)
        references app.conversation (tenant_id, id),
    constraint push_device_tenant_id_contact_id_fk foreign key (tenant_id, contact_id)
        references app.contact (tenant_id, id)
);
create index push_device_tenant_id_token_hash_ix on app.push_device (tenant_id, token_hash);
create index push_device_tenant_id_contact_id_ix on app.push_device (tenant_id, contact_id) where contact_id is not null;
create index push_device_tenant_id_channel_account_id_ix on app.push_device (tenant_id, channel_account_id);
create index push_device_created_at_ix on app.push_device (created_at);
alter table app.push_device enable row level security;
alter table app.push_device force row level security;
create policy push_device_tenant_isolation on app.push_device for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy push_device_relay on app.push_device for select to ${relay_role} using (true);
grant select, insert, update, delete on app.push_device to ${app_role};
grant select, delete on app.push_device to ${eraser_role};
grant select (tenant_id, created_at) on app.push_device to ${relay_role};

create table app.push_notice (
    tenant_id       uuid        not null,
    id              uuid        not null,
    device_id       uuid        not null,
    conversation_id uuid        not null,
    message_id      uuid        not null,
    state           text        not null constraint push_notice_state_ck check (state in
        ('PENDING', 'SENDING', 'SENT', 'READ', 'DROPPED', 'EXPIRED', 'REFUSED', 'AMBIGUOUS')),
    due_at          timestamptz not null,   -- of one that is being sent: until when its sender has it
    expires_at      timestamptz not null,
    attempts        int         not null default 0,
    reason          text,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    constraint push_notice_tenant_id_id_pk primary key (tenant_id, id),
    constraint push_notice_tenant_id_message_id_device_id_uq unique (tenant_id, message_id, device_id),
    constraint push_notice_tenant_id_message_id_fk foreign key (tenant_id, message_id)
        references app.message (tenant_id, id)
) with (fillfactor = 80);
create index push_notice_tenant_id_due_at_ix on app.push_notice (tenant_id, due_at)
    where state in ('PENDING', 'SENDING');
alter table app.push_notice enable row level security;
alter table app.push_notice force row level security;
create policy push_notice_tenant_isolation on app.push_notice for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy push_notice_relay on app.push_notice for select to ${relay_role} using (true);
grant select, insert, update on app.push_notice to ${app_role};
grant select, delete on app.push_notice to ${eraser_role};
grant select (tenant_id, state, due_at) on app.push_notice to ${relay_role};

-- What an account's vendor complains of, until it takes something again.
create table app.channel_trouble (
    tenant_id          uuid        not null,
    channel_account_id uuid        not null,
    reason             text        not null,
    paused_until       timestamptz,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    constraint channel_trouble_tenant_id_channel_account_id_pk primary key (tenant_id, channel_account_id),
    constraint channel_trouble_tenant_id_channel_account_id_fk foreign key (tenant_id, channel_account_id)
        references app.channel_account (tenant_id, id)
);
alter table app.channel_trouble enable row level security;
alter table app.channel_trouble force row level security;
create policy channel_trouble_tenant_isolation on app.channel_trouble for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.channel_trouble to ${app_role};
grant select, delete on app.channel_trouble to ${eraser_role};
