/** Experiments and guards: versions compared on real conversations, and taken off duty when they do worse than they may. */
package dev.parley.agent.prompt.experiment;
