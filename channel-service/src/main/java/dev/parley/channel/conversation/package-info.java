/** Conversations: opened over the web and the API, or by a first message from a messenger. */
package dev.parley.channel.conversation;
