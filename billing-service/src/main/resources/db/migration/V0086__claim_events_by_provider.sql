-- Each provider's webhooks are worked off on their own: one that answers slowly holds nobody else up.
create index provider_event_provider_claimed_until_ix on app.provider_event (provider, claimed_until)
    where state = 'received';
drop index app.provider_event_claimed_until_ix;
