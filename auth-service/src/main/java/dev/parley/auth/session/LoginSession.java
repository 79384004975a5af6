package dev.parley.auth.session;

import java.time.Instant;

/** Where a person is logged in; the id is Keycloak's. */
record LoginSession(String id, String device, String address, Instant startedAt, Instant lastUsedAt) {}
