package dev.parley.channel.webhooklog;

import java.util.UUID;

/** The delivery of a test event, to be looked at in the log. */
public record TestResponse(UUID deliveryId) {}
