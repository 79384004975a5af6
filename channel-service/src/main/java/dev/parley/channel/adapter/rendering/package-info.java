/** Cuts replies into messages within a channel's limits. */
package dev.parley.channel.adapter.rendering;
