/** Calls to policy-service, agent-service and the other services. */
package dev.parley.channel.outbound;
