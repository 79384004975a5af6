/** What others send us: webhooks of messengers and events. */
package dev.parley.channel.inbound;
