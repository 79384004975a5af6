/** Channels, contacts, conversations and messages of every tenant, and the one way in which a message is answered. */
package dev.parley.channel;
