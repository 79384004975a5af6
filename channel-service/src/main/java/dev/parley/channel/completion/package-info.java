/** The OpenAI-compatible face: an agent is a model. */
package dev.parley.channel.completion;
