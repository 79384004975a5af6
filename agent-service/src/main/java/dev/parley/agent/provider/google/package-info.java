/** Adapter for Google's Gemini API. */
package dev.parley.agent.provider.google;
