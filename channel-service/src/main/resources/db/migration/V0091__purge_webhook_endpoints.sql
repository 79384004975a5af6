-- A deleted endpoint goes with the last of its deliveries, so that what a tenant makes and deletes does not pile up.
create policy webhook_endpoint_relay on app.webhook_endpoint for select to ${relay_role} using (deleted_at is not null);
create policy webhook_endpoint_purge on app.webhook_endpoint for delete to ${relay_role} using (deleted_at is not null);
create policy webhook_queue_purge on app.webhook_queue for delete to ${relay_role} using (not active);
grant select (tenant_id, id, deleted_at), delete on app.webhook_endpoint to ${relay_role};
grant delete on app.webhook_queue to ${relay_role};
create index webhook_endpoint_deleted_at_ix on app.webhook_endpoint (deleted_at) where deleted_at is not null;
