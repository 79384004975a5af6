/** Pictures, voice and documents: uploaded by people, or sent by customers and fetched from their messenger. */
package dev.parley.channel.media;
