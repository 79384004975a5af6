-- A run may ask several models, with keys of different owners, and one that fails may have asked some all the same: each
-- part has its own price. attempt is 0 for the reply, else which beginning of the run it was that failed.
alter table app.model_usage
    add column attempt int not null default 0,
    add column part    int not null default 0;
alter table app.model_usage drop constraint model_usage_tenant_id_run_id_pk;
alter table app.model_usage
    add constraint model_usage_tenant_id_run_id_attempt_part_pk primary key (tenant_id, run_id, attempt, part);
