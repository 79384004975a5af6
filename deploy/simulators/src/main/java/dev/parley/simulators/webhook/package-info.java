/** Delivers webhooks as vendors do, in order, with retries, and with faults on request. */
package dev.parley.simulators.webhook;
