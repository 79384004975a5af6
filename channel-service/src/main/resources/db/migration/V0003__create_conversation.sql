-- Contacts, conversations, messages and the operations that answer them. last_seq numbers the turns of a conversation:
-- part 0 is what came in, part 1 the reply, so storing a reply never touches the conversation again.
create table app.contact (
    tenant_id          uuid        not null,
    id                 uuid        not null,
    channel            text        not null,
    channel_account_id uuid        not null,
    external_id        text        not null,  -- the vendor's id of the person
    display_name       text,
    username           text,
    language           text,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    constraint contact_tenant_id_id_pk primary key (tenant_id, id),
    constraint contact_tenant_id_channel_account_id_external_id_uq unique (tenant_id, channel_account_id, external_id),
    constraint contact_tenant_id_channel_account_id_fk foreign key (tenant_id, channel_account_id)
        references app.channel_account (tenant_id, id)
);
alter table app.contact enable row level security;
alter table app.contact force row level security;
create policy contact_tenant_isolation on app.contact for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.contact to ${app_role};

create table app.conversation (
    tenant_id          uuid        not null,
    id                 uuid        not null,
    agent              text        not null,
    channel            text        not null,
    thread_key         text,                  -- who continues this conversation: account and chat, or API key and user
    channel_account_id uuid,
    contact_id         uuid,
    recipient          text,                  -- where the messenger delivers replies
    last_seq           bigint      not null default 0,
    next_send_at       timestamptz,           -- the messenger's pace
    created_by         text        not null,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    constraint conversation_tenant_id_id_pk primary key (tenant_id, id),
    constraint conversation_tenant_id_thread_key_uq unique (tenant_id, thread_key),
    constraint conversation_tenant_id_contact_id_fk foreign key (tenant_id, contact_id)
        references app.contact (tenant_id, id),
    constraint conversation_tenant_id_channel_account_id_fk foreign key (tenant_id, channel_account_id)
        references app.channel_account (tenant_id, id)
) with (fillfactor = 80);
alter table app.conversation enable row level security;
alter table app.conversation force row level security;
create policy conversation_tenant_isolation on app.conversation for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.conversation to ${app_role};

create table app.message (
    tenant_id         uuid        not null,
    id                uuid        not null,
    conversation_id   uuid        not null,
    seq               bigint      not null,
    part              smallint    not null constraint message_part_ck check (part in (0, 1)),
    role              text        not null constraint message_role_ck check (role in ('user', 'assistant')),
    text              text        not null,
    attachments       jsonb,
    operation_id      uuid        not null,   -- of the latest attempt to answer
    client_message_id text,
    prompt_version    int,
    finish_reason     text,
    provider_at       timestamptz,
    provider_order    bigint,
    created_by        text        not null,
    created_at        timestamptz not null default now(),
    updated_at        timestamptz not null default now(),
    constraint message_tenant_id_id_pk primary key (tenant_id, id),
    constraint message_tenant_id_conversation_id_seq_part_uq unique (tenant_id, conversation_id, seq, part),
    constraint message_tenant_id_conversation_id_fk foreign key (tenant_id, conversation_id)
        references app.conversation (tenant_id, id)
);
create unique index message_tenant_id_conversation_id_client_message_id_uq
    on app.message (tenant_id, conversation_id, client_message_id) where client_message_id is not null;
alter table app.message enable row level security;
alter table app.message force row level security;
create policy message_tenant_isolation on app.message for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.message to ${app_role};

-- One row for each attempt to answer a message. QUEUED waits for the ordered path of messengers, RUNNING is being
-- answered, ANSWERED, REFUSED (by policy) and FAILED are final.
create table app.operation (
    tenant_id       uuid        not null,
    id              uuid        not null,
    conversation_id uuid        not null,
    message_id      uuid        not null,
    channel         text        not null,
    agent           text        not null,
    user_id         text,
    state           text        not null constraint operation_state_ck
        check (state in ('QUEUED', 'RUNNING', 'ANSWERED', 'REFUSED', 'FAILED')),
    attempts        int         not null default 0,
    due_at          timestamptz not null default now(),
    decision_id     text,
    problem_code    text,
    run_id          text,
    provider        text,
    model           text,
    reply_id        uuid,
    credits         bigint,
    input_tokens    bigint,
    output_tokens   bigint,
    decided_at      timestamptz,
    ran_at          timestamptz,
    settled_at      timestamptz,
    finished_at     timestamptz,
    created_by      text        not null,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    constraint operation_tenant_id_id_pk primary key (tenant_id, id),
    constraint operation_tenant_id_message_id_fk foreign key (tenant_id, message_id)
        references app.message (tenant_id, id)
) with (fillfactor = 80);
create index operation_tenant_id_conversation_id_open_ix
    on app.operation (tenant_id, conversation_id, created_at) where state in ('QUEUED', 'RUNNING');
alter table app.operation enable row level security;
alter table app.operation force row level security;
create policy operation_tenant_isolation on app.operation for all to ${app_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy operation_relay on app.operation for select to ${relay_role} using (true);
grant select, insert, update, delete on app.operation to ${app_role};
grant select (tenant_id, id, conversation_id, channel, state, due_at, updated_at) on app.operation to ${relay_role};
