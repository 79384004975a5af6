/** The HTTP side that every networked provider adapter shares: pooled calls with deadlines, retries and server-sent events. */
package dev.parley.agent.provider.wire;
