/** Who speaks in a conversation, the bot or a person: a lease with an epoch that every send is checked against. */
package dev.parley.channel.handoff;
