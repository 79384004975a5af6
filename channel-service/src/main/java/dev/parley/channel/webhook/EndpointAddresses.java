package dev.parley.channel.webhook;

import dev.parley.platform.address.Addresses;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Says which addresses partners may name, and keeps an installation that others reach from allowing its own machine. */
@ApplicationScoped
class EndpointAddresses {
    private final WebhookConfig config;

    EndpointAddresses(WebhookConfig config) {
        this.config = config;
    }

    void start(@Observes StartupEvent event, Addresses addresses) {
        addresses.demandLocal();
    }

    @Produces
    @Singleton
    Addresses addresses() {
        return new Addresses(config);
    }
}
