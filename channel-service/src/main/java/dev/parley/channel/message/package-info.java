/** Messages, and the one use case that answers them, whatever channel they came by. */
package dev.parley.channel.message;
