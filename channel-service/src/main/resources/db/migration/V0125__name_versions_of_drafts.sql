-- Which prompt version wrote a draft; its number counts apart for the platform and each tenant. Null in older ones.
alter table app.draft add column prompt_version_id uuid;
