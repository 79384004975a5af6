/** What a tenant sets of an agent. Other features call {@code ConfigurationService}. */
package dev.parley.agent.configuration;
