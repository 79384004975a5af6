/** Knows which tenants have somebody outside to tell what happens, so that the events of all others cost nothing. */
package dev.parley.channel.listener;
