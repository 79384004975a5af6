-- Raw notices of payment providers belong to no tenant, but name one: they go with it.
grant select, delete on app.provider_event to ${eraser_role};
