package dev.parley.channel.webhookdelivery;

import java.util.UUID;

/** An attempt with what becomes of its delivery, ready to be written. */
record Result(UUID event, Attempt attempt, Verdict verdict) {}
