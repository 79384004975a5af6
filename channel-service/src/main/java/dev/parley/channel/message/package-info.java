/** Messages as people send and read them. */
package dev.parley.channel.message;
