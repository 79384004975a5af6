/** A message that has to be answered, from the moment it is stored to what became of it. */
package dev.parley.channel.turn;
