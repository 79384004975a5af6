package dev.parley.channel.webhooklog;

/** How many deliveries are sent again. */
public record ReplayResponse(int replayed) {}
