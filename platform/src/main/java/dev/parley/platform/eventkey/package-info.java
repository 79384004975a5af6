/** The keys that tenants' events are sealed with; the event packages use it, and auth-service, which makes them. */
package dev.parley.platform.eventkey;
