/** One request on its way through the gateway, and the answers that the gateway gives itself. */
package dev.parley.gateway.http;
