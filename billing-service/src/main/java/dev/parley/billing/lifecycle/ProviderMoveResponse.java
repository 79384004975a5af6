package dev.parley.billing.lifecycle;

import org.jspecify.annotations.Nullable;

/**
 * A move that was begun.
 *
 * @param url where the customer authorises the other provider
 */
record ProviderMoveResponse(@Nullable String url) {}
