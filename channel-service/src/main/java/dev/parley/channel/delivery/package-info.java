/** Sends to messengers: each at most once, or marked as ambiguous. */
package dev.parley.channel.delivery;
