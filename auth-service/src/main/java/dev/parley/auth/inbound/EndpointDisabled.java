package dev.parley.auth.inbound;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** What auth-service reads of {@code channel.webhook-endpoint-disabled.v1}. */
@RegisterForReflection
record EndpointDisabled(String url, String reason) {}
