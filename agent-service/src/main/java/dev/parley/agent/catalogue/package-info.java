/** The agents of the platform: made by admins, offered to tenants. Other features call {@code AgentService}. */
package dev.parley.agent.catalogue;
