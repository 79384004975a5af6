/** Telegram bots, in and out. */
package dev.parley.channel.adapter.telegram;
