/** What auth-service learns from the events of others. */
package dev.parley.auth.inbound;
