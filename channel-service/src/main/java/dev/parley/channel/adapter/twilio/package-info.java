/** SMS by Twilio, in and out. */
package dev.parley.channel.adapter.twilio;
