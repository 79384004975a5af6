/** Prompt versions, released like deployments: draft, active, archived, with diff and rollback. Runs call {@code PromptSelection}. */
package dev.parley.agent.prompt;
