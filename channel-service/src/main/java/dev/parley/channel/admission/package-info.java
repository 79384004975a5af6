/** Messages of callers who wait for the answer: the web channel, and those that bring their own context. */
package dev.parley.channel.admission;
