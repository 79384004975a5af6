-- A conversation that goes round in circles is found by its latest runs: how many, how large, and how often the same
-- question, of which only a number is kept.
alter table app.run add column question bigint;
create index run_tenant_id_conversation_id_created_at_ix on app.run (tenant_id, conversation_id, created_at)
    where conversation_id is not null;
