-- What messengers told us, once each, and what we send to them. A send goes PENDING, SENDING, then SENT, FAILED or
-- AMBIGUOUS; fence makes the answer of a sender that lost its lease count for nothing.
create table app.inbound_event (
    tenant_id          uuid        not null,
    channel_account_id uuid        not null,
    event_id           text        not null,  -- the vendor's id
    kind               text        not null,
    conversation_id    uuid,
    raw                text,                  -- kept only for kinds that became no message
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    constraint inbound_event_tenant_id_channel_account_id_event_id_pk
        primary key (tenant_id, channel_account_id, event_id),
    constraint inbound_event_tenant_id_channel_account_id_fk foreign key (tenant_id, channel_account_id)
        references app.channel_account (tenant_id, id)
);
alter table app.inbound_event enable row level security;
alter table app.inbound_event force row level security;
create policy inbound_event_tenant_isolation on app.inbound_event for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.inbound_event to ${app_role};

create table app.send_intent (
    tenant_id           uuid        not null,
    id                  uuid        not null,
    conversation_id     uuid        not null,
    channel_account_id  uuid        not null,
    message_id          uuid        not null,
    operation_id        uuid        not null,
    part_no             int         not null,
    parts               int         not null,
    text                text        not null,
    state               text        not null constraint send_intent_state_ck
        check (state in ('PENDING', 'SENDING', 'SENT', 'FAILED', 'AMBIGUOUS')),
    attempts            int         not null default 0,
    fence               bigint      not null default 0,
    lease_until         timestamptz,
    due_at              timestamptz not null default now(),
    provider_message_id text,
    last_error          text,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),
    constraint send_intent_tenant_id_id_pk primary key (tenant_id, id),
    constraint send_intent_tenant_id_operation_id_part_no_uq unique (tenant_id, operation_id, part_no),
    constraint send_intent_tenant_id_message_id_fk foreign key (tenant_id, message_id)
        references app.message (tenant_id, id),
    constraint send_intent_tenant_id_conversation_id_fk foreign key (tenant_id, conversation_id)
        references app.conversation (tenant_id, id),
    constraint send_intent_tenant_id_channel_account_id_fk foreign key (tenant_id, channel_account_id)
        references app.channel_account (tenant_id, id)
) with (fillfactor = 80);
create index send_intent_tenant_id_conversation_id_open_ix
    on app.send_intent (tenant_id, conversation_id, id) where state in ('PENDING', 'SENDING');
alter table app.send_intent enable row level security;
alter table app.send_intent force row level security;
create policy send_intent_tenant_isolation on app.send_intent for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy send_intent_relay on app.send_intent for select to ${relay_role} using (true);
grant select, insert, update, delete on app.send_intent to ${app_role};
grant select (tenant_id, conversation_id, state, due_at, lease_until) on app.send_intent to ${relay_role};
