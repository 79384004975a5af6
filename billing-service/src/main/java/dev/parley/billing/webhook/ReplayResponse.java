package dev.parley.billing.webhook;

/** How many events wait to be looked at again. */
record ReplayResponse(int replayed) {}
