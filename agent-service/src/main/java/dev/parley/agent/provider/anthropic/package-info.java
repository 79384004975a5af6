/** Adapter for the Anthropic messages wire, through langchain4j over our own transport. */
package dev.parley.agent.provider.anthropic;
