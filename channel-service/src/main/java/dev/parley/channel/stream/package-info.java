/** The WebSocket that tells a tenant's people what just happened. */
package dev.parley.channel.stream;
