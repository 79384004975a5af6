/** Messages of callers who wait for the answer, one of a conversation at a time: the web channel, and those that bring their own context. */
package dev.parley.channel.admission;
