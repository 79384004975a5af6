package dev.parley.platform.lifecycle;

import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.event.BroadcastEventConsumer;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.eventkey.EventKeys;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Takes an erased tenant's keys out of this replica's memory, whichever replica erases. */
@ApplicationScoped
class ErasureBroadcast implements BroadcastEventConsumer {
    private final EventKeys keys;
    private final SecretVault vault;
    private final String service;

    ErasureBroadcast(
            EventKeys keys, SecretVault vault, @ConfigProperty(name = "quarkus.application.name") String service) {
        this.keys = keys;
        this.vault = vault;
        this.service = service;
    }

    @Override
    public String group() {
        return service + ".forget-keys";
    }

    @Override
    public Set<String> topics() {
        return Set.of("auth.tenant.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("auth.erasure-requested.v1", "auth.tenant-erased.v1");
    }

    @Override
    public void handle(ReceivedEvent event) {
        TenantId tenant = event.tenantTold();
        if (!keys.ending(tenant)) {
            throw new IllegalStateException("auth-service knows of no erasure of tenant " + tenant);
        }
        keys.forget(tenant);
        vault.forget(tenant);
    }
}
