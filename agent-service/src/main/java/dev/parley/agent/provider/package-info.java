/** LLM providers: the catalogue of configured ones, and the adapter family that calls them. Other features call {@code ProviderService}. */
package dev.parley.agent.provider;
