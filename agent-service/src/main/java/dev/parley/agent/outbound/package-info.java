/** Calls to other services. */
package dev.parley.agent.outbound;
