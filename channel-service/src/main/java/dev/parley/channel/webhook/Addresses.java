package dev.parley.channel.webhook;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Says where an endpoint may be called: a name is looked up once, everything that it stands for must be public, and the
 * caller connects to the very address that it gets from here, so no later answer of a name server can lead inside.
 */
@ApplicationScoped
public class Addresses {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final WebhookConfig config;
    private final Lookups lookups;

    /** Asks a name server. */
    @FunctionalInterface
    public interface Lookup {
        /** All addresses of a name, at least one. */
        InetAddress[] of(String name) throws UnknownHostException;
    }

    @Inject
    Addresses(WebhookConfig config) {
        this(config, InetAddress::getAllByName);
    }

    /** Made by hand in tests, with a name server of their own. */
    public Addresses(WebhookConfig config, Lookup lookup) {
        this.config = config;
        this.lookups = new Lookups(config, lookup);
    }

    /** Reads an address and sees that it may be called now. */
    public Address check(TenantId tenant, String url) throws RefusedAddress {
        Address address = read(url);
        resolve(tenant, address, LONG);
        return address;
    }

    /** Reads an address without asking anybody. */
    public Address read(String url) throws RefusedAddress {
        return Address.of(url, config.loopback());
    }

    /** The IP addresses to connect to, any of them; a name is looked up on behalf of that tenant. */
    public List<InetAddress> resolve(TenantId tenant, Address address) throws RefusedAddress {
        return resolve(tenant, address, LONG);
    }

    /** As {@link #resolve(TenantId, Address)}; undecided when a name server takes longer than that. */
    public List<InetAddress> resolve(TenantId tenant, Address address, Duration most) throws RefusedAddress {
        List<InetAddress> all =
                address.literal() != null ? List.of(address.literal()) : lookups.of(tenant, address.host(), most);
        for (InetAddress each : all) {
            if (!Networks.isPublic(each) && !(config.loopback() && each.isLoopbackAddress())) {
                throw new RefusedAddress("the host is not on the public internet");
            }
        }
        return all;
    }
}
