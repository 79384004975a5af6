package dev.parley.channel.delivery;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** A vendor was asked to bring a one-time code, whatever it made of that. */
public record CodeTried(TenantId tenant, UUID operation) {}
