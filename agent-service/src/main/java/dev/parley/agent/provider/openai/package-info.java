/** Adapter for any server that speaks the OpenAI chat completions wire. */
package dev.parley.agent.provider.openai;
