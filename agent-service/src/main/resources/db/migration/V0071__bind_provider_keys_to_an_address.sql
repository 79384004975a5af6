-- A tenant's key is for the address that its provider had when the key was set: when an admin moves the provider to
-- another host, the key stays here until the tenant sets it again.
alter table app.provider_key add column origin text not null;
