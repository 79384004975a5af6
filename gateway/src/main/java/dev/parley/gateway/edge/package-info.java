/** The order in which a request is checked, and what is true of every answer that leaves the gateway. */
package dev.parley.gateway.edge;
