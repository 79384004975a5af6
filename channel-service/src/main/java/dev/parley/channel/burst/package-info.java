/** What customers of messengers write in pieces, as one turn. */
package dev.parley.channel.burst;
