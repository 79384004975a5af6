/** The OpenAI-compatible API as a channel. */
package dev.parley.channel.adapter.api;
