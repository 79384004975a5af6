package dev.parley.channel.inbound;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What one call brought, with the operation and the trace that its events belong to. */
record Call(List<Batch> batches, UUID operation, @Nullable String traceparent) {}
