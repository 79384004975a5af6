/** Turns what services tell each other into what partners are told, and queues it for each endpoint that asked. */
package dev.parley.channel.webhookevent;
