/** Where partners want to be told what happens: addresses that are safe to call, secrets, and which events; deliveries ask it. */
package dev.parley.channel.webhook;
