/** Notices of answers that nobody read as they came, to the devices of the conversation, each at most once. */
package dev.parley.channel.push;
