/** What a tenant does with its agents' prompts: configuring the platform's, and writing versions of its own. */
package dev.parley.agent.prompt.own;
