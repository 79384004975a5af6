/** Versions on trial: drafts answered by their real provider, on golden conversations or on what an admin types. */
package dev.parley.agent.trial;
