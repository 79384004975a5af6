/** The one use case that answers messages, whatever channel they came by. */
package dev.parley.channel.answer;
