-- Whose key paid the provider, which functions the model wants the caller to carry out, which providers had failed before
-- the one that answered, which functions the platform carried out, and whether the agent asked for a person.
alter table app.run
    add column key_owner  text not null default 'platform',
    add column tool_calls jsonb,
    add column attempts   jsonb,
    add column steps      jsonb,
    add column handoff    jsonb;
alter table app.run add constraint run_key_owner_ck check (key_owner in ('platform', 'tenant'));
