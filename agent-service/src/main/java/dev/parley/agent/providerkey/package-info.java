/** Tenants' own keys at LLM providers: kept encrypted, used instead of the platform's; runs ask for them. */
package dev.parley.agent.providerkey;
