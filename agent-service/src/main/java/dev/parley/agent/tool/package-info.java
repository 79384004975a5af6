/** Functions that the platform offers to agents, and the check of what a model wants of them; runs call it. */
package dev.parley.agent.tool;
