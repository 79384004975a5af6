-- A rotation of the platform's data key encrypts private keys anew; nothing else of these rows ever changes.
grant update (private_key) on app.signing_key, app.audit_key, app.erasure_key to ${app_role};
