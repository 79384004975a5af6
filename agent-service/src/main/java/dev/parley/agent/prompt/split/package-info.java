/** Versions side by side: who gets which, what each came to, and when one is worse than it may be. {@code prompt} chooses by it, {@code prompt.experiment} runs it. */
package dev.parley.agent.prompt.split;
