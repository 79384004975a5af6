-- A tenant's own prompt versions are numbered apart from the platform's: the id says which one wrote a reply.
alter table app.message add column prompt_version_id uuid;
