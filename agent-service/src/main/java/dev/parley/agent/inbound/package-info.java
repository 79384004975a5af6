/** Events of other services and of this one's own runs. */
package dev.parley.agent.inbound;
