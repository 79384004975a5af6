-- What was asked is ciphertext, which no compression makes smaller, and it is kept for a while only: the sweep deletes by
-- age and sees nothing else. Why a run failed: version, provider, tenant_key, request or platform.
alter table app.run_request alter column asked set storage external;
create index run_request_created_at_ix on app.run_request (created_at);
create policy run_request_relay on app.run_request for all to ${relay_role} using (true) with check (true);
grant select (created_at), delete on app.run_request to ${relay_role};

alter table app.run add column cause text;
