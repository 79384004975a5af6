/** The event keys of tenants: made here, handed to services; other features do not need it. */
package dev.parley.auth.eventkey;
