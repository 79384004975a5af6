-- What a version comes to is kept in shards that tenants fall into by their id: a guard can ask what is left without any
-- one of them, and tenants that answer at the same time do not queue on one row.
alter table app.prompt_figures
    add column shard smallint not null default 0,
    drop constraint prompt_figures_release_id_version_id_pk,
    add constraint prompt_figures_release_id_version_id_shard_pk primary key (release_id, version_id, shard);
