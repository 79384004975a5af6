/** Golden conversations: what an agent must get right before a version of its prompt is released. {@code prompt} asks whether a version passed; {@code prompt.trial} tries versions on them. */
package dev.parley.agent.prompt.golden;
