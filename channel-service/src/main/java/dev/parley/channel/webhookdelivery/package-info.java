/** Sends what is queued for endpoints until it is taken: leases, attempts, retries; the log and new events wake it. */
package dev.parley.channel.webhookdelivery;
