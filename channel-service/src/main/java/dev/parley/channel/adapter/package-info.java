/** The family of channel adapters: stateless, one package for each channel, found by CDI. */
package dev.parley.channel.adapter;
