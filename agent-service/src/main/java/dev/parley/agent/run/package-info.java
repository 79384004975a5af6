/** Runs: from a conversation to a metered reply, once per operation. Called by channel-service. */
package dev.parley.agent.run;
