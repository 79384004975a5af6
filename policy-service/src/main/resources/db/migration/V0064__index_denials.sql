-- Who searches the decision log mostly looks for denials, which are few among the many that are allowed.
create index decision_tenant_id_id_denied_ix on app.decision (tenant_id, id) where not allow;
