-- Numbers count per owner, so a run names its prompt version by id, and the release that put it on duty.
alter table app.run add column prompt_version_id uuid, add column release_id uuid;
