/** WhatsApp's Cloud API at Meta's Graph, and its webhook deliveries. */
package dev.parley.simulators.whatsapp;
