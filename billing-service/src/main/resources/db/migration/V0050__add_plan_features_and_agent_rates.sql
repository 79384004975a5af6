-- What a plan switches on, and what single agents cost instead of the plan's rates.
alter table app.plan_version
    add column features    jsonb not null default '[]',
    add column agent_rates jsonb not null default '{}';
