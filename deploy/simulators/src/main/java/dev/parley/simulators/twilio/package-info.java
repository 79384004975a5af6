/** Twilio's messages, numbers and messaging services, and its webhooks. */
package dev.parley.simulators.twilio;
