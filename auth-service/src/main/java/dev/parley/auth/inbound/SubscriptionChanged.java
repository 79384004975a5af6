package dev.parley.auth.inbound;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** What auth-service reads of {@code billing.subscription-changed.v1}. */
@RegisterForReflection
record SubscriptionChanged(long version, String status) {}
