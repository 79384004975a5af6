-- A queue whose endpoint fails again and again rests as a whole, longer each time, and is served among its like: from three
-- failures in a row on. Failed and skipped deliveries are found without reading those that were taken.
alter table app.webhook_queue add column failures int not null default 0;
drop index app.webhook_queue_due_at_ix;
create index webhook_queue_failures_due_at_ix on app.webhook_queue ((failures >= 3), due_at) where active;
grant select (failures) on app.webhook_queue to ${relay_role};
create index webhook_delivery_tenant_id_endpoint_id_event_id_ix
    on app.webhook_delivery (tenant_id, endpoint_id, event_id) where state in ('failed', 'skipped');
