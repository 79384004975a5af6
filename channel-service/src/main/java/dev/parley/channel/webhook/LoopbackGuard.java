package dev.parley.channel.webhook;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.URI;

/** Keeps an installation that others reach from starting with endpoints on its own machine allowed. */
@ApplicationScoped
class LoopbackGuard {
    private final WebhookConfig config;

    LoopbackGuard(WebhookConfig config) {
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        demandLocal();
    }

    void demandLocal() {
        if (config.loopback() && !isHere(URI.create(config.publicUrl()).getHost())) {
            throw new IllegalStateException("PARLEY_WEBHOOK_LOOPBACK is for installations on one machine: every tenant"
                    + " could call what listens on this one, and PARLEY_PUBLIC_URL says that others reach it");
        }
    }

    private static boolean isHere(String host) {
        if (host.equals("localhost") || host.endsWith(".localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }
}
