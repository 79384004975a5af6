/** W3C trace context at the public edge, and the export of the gateway's own spans. */
package dev.parley.gateway.trace;
