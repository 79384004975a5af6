-- Events that wait are claimed together with all others about the same object: one look at it answers them all.
create index provider_event_object_ix on app.provider_event (provider, object_id) where state = 'received';
