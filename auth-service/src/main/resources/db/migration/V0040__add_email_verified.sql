-- Whether the person proved to Keycloak that the address is its own. Accounts made before count as unproven until their
-- next token says otherwise.
alter table app.user_account add column email_verified boolean not null default false;
