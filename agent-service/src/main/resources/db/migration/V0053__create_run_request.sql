-- What was asked of the model for each reply: prompt, model, parameters and context in OpenAI's form, encrypted under the
-- tenant's data key, so that the very same can be asked again.
create table app.run_request (
    tenant_id    uuid        not null,
    operation_id uuid        not null,
    asked        bytea       not null,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    constraint run_request_tenant_id_operation_id_pk primary key (tenant_id, operation_id)
);
alter table app.run_request enable row level security;
alter table app.run_request force row level security;
create policy run_request_tenant_isolation on app.run_request for all to ${app_role}, ${eraser_role}
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));
grant select, insert, update on app.run_request to ${app_role};
grant select, delete on app.run_request to ${eraser_role};

alter table app.run add column rerun_of uuid;
