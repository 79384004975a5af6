/** The OpenAI and Anthropic wire formats, answered by a deterministic demo model. */
package dev.parley.simulators.llm;
