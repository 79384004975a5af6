-- The decision log keeps what a decision was made from, so that it can be made again against a draft: the feature that
-- was asked for, where credits and quotas stood, and which rules were in force. It is read newest first. A decision may
-- be about no agent and no channel: whether there may be one more seat.
alter table app.decision
    alter column agent drop not null,
    alter column channel drop not null,
    add column feature       text,
    add column standing      jsonb,               -- granted, available, held and counters before it; null: not looked at
    add column rules_version int  not null default 0,
    add column remedy        text;                -- of a denial
create index decision_tenant_id_id_ix on app.decision (tenant_id, id);

-- A simulation reads the decisions of all tenants.
create policy decision_relay_read on app.decision for select to ${relay_role} using (true);
grant select on app.decision to ${relay_role};
