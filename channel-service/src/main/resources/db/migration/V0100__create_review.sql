-- Which agents' replies on which messengers a person sees before they are sent, and these replies. Without a rule they
-- go out at once. A draft is no message: it becomes one, with the same id, when it is approved. What the agent wrote
-- stays beside what people made of it. The relay role finds drafts that are over.
create table app.review_rule (
    tenant_id     uuid        not null,
    agent         text        not null,
    channel       text        not null,
    mode          text        not null constraint review_rule_mode_ck check (mode in ('review', 'autopilot')),
    threshold     numeric     not null constraint review_rule_threshold_ck check (threshold >= 0.5 and threshold <= 0.99),
    sample_size   int         not null,  -- so many of the latest reviewed drafts say how good the agent is
    sample_one_in int         not null,  -- on autopilot, one reply in so many is a draft all the same
    changed_by    text        not null,
    created_by    text        not null,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    constraint review_rule_tenant_id_agent_channel_pk primary key (tenant_id, agent, channel)
);
alter table app.review_rule enable row level security;
alter table app.review_rule force row level security;
create policy review_rule_tenant_isolation on app.review_rule for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update, delete on app.review_rule to ${app_role};
grant select, delete on app.review_rule to ${eraser_role};

create table app.draft (
    tenant_id         uuid        not null,
    id                uuid        not null,  -- also of the message that it becomes
    conversation_id   uuid        not null,
    operation_id      uuid        not null,
    message_id        uuid,                  -- what it answers; null if an agent began by itself
    seq               bigint,                -- the turn that it answers
    agent             text        not null,
    channel           text        not null,
    epoch             bigint      not null,  -- the conversation's; in another one it is over
    state             text        not null default 'waiting' constraint draft_state_ck
        check (state in ('waiting', 'approved', 'rejected', 'superseded', 'expired', 'ended')),
    original          text        not null,
    text              text        not null,
    version           int         not null default 1,  -- rises with every edit
    edited_by         text,
    edited_at         timestamptz,
    sampled           boolean     not null,  -- drawn while the agent was on autopilot
    prompt_version    int,
    finish_reason     text,
    decided_by        text,
    decided_at        timestamptz,
    reason            text,
    superseded_by     uuid,                  -- the operation whose answer took its place
    expires_at        timestamptz not null,
    created_at        timestamptz not null default now(),
    updated_at        timestamptz not null default now(),
    constraint draft_tenant_id_id_pk primary key (tenant_id, id),
    constraint draft_tenant_id_operation_id_uq unique (tenant_id, operation_id),
    constraint draft_decided_ck check ((state = 'waiting') = (decided_at is null)),
    constraint draft_tenant_id_conversation_id_fk foreign key (tenant_id, conversation_id)
        references app.conversation (tenant_id, id),
    constraint draft_tenant_id_message_id_fk foreign key (tenant_id, message_id)
        references app.message (tenant_id, id)
) with (fillfactor = 80);
create index draft_tenant_id_conversation_id_waiting_ix on app.draft (tenant_id, conversation_id) where state = 'waiting';
create index draft_tenant_id_agent_channel_decided_at_ix on app.draft (tenant_id, agent, channel, decided_at)
    where state in ('approved', 'rejected');
create index draft_tenant_id_message_id_ix on app.draft (tenant_id, message_id);
create index draft_expires_at_waiting_ix on app.draft (expires_at) where state = 'waiting';
alter table app.draft enable row level security;
alter table app.draft force row level security;
create policy draft_tenant_isolation on app.draft for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
create policy draft_relay on app.draft for select to ${relay_role} using (true);
grant select, insert, update on app.draft to ${app_role};
grant select, delete on app.draft to ${eraser_role};
grant select (tenant_id, id, conversation_id, epoch, state, expires_at) on app.draft to ${relay_role};
grant select (epoch) on app.conversation to ${relay_role};

-- who let a reply out that an agent had written
alter table app.message add column approved_by text;

-- DRAFTED: the agent answered, and a person has not yet said whether that is sent. WITHHELD: it never will be.
alter table app.operation
    drop constraint operation_state_ck,
    add constraint operation_state_ck check (state in ('QUEUED', 'RUNNING', 'DRAFTED', 'WITHHELD', 'ANSWERED',
                                                       'REFUSED', 'FAILED', 'MERGED', 'HELD_BY_STAFF', 'HANDLED'));
