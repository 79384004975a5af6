package dev.parley.channel.webhookdelivery;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/**
 * The right to serve an endpoint's queue; the fence shuts out whoever had it before.
 *
 * @param failing whether the endpoint has taken nothing lately
 */
record Lease(TenantId tenant, UUID endpoint, long fence, boolean failing) {}
