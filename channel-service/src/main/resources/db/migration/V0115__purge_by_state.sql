-- Whoever ends old deliveries leaves what was sent again since.
grant select (state, updated_at) on app.webhook_delivery to ${relay_role};
