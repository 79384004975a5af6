/** Telegram's Bot API and its webhook deliveries. */
package dev.parley.simulators.telegram;
