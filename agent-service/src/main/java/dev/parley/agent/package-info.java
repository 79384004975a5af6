/** Agents, their prompt versions, the LLM providers that answer for them, and the runs that do. */
package dev.parley.agent;
