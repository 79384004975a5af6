package dev.parley.agent.httptool;

import dev.parley.platform.address.Addresses;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Says which addresses tenants may name, and keeps an installation that others reach from allowing its own machine. */
@ApplicationScoped
class ToolAddresses {
    private final HttpToolConfig config;

    ToolAddresses(HttpToolConfig config) {
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
