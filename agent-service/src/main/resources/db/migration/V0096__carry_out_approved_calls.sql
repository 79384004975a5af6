-- What a person approves is carried out at once: 'approved' is a call under way, which is 'used' with its outcome when it
-- ended. One that has none when expires_at is over may or may not have been done, and is never done by itself. told_run is
-- the run that was given the result. One wish waits at a time; one that is under way keeps nobody from asking again.
alter table app.tool_approval add column operation_id uuid;
alter table app.tool_approval add column channel text;
alter table app.tool_approval add column outcome text;
alter table app.tool_approval add column result text;
alter table app.tool_approval add column told_run uuid;
alter table app.tool_approval add constraint tool_approval_outcome_ck check (outcome in ('done', 'failed'));
drop index app.tool_approval_open_uq;
create unique index tool_approval_pending_uq
    on app.tool_approval (tenant_id, conversation_id, agent, tool, fingerprint) where status = 'pending';
create index tool_approval_tenant_id_conversation_id_ix
    on app.tool_approval (tenant_id, conversation_id, decided_at) where decided_at is not null;
