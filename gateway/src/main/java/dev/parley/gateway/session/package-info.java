/** Turns a credential into a tenant context: read, exchange, keep, forget when an event says so. */
package dev.parley.gateway.session;
