/** Prompt versions, released like deployments: draft, active, archived, with diff and rollback. Runs call {@code ActivePrompts}. */
package dev.parley.agent.prompt;
