package dev.parley.platform.address;

import dev.parley.platform.tenancy.TenantId;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Says where an address that a tenant named may be called: a name is looked up once, everything that it stands for must be public, and the
 * caller connects to the very address that it gets from here, so no later answer of a name server can lead inside.
 */
public final class Addresses {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AddressRules rules;
    private final Lookups lookups;

    /** Asks a name server. */
    @FunctionalInterface
    public interface Lookup {
        /** All addresses of a name, at least one. */
        InetAddress[] of(String name) throws UnknownHostException;
    }

    /** Asks the name servers of this machine. */
    public Addresses(AddressRules rules) {
        this(rules, InetAddress::getAllByName);
    }

    /** Made by hand in tests, with a name server of their own. */
    public Addresses(AddressRules rules, Lookup lookup) {
        this.rules = rules;
        this.lookups = new Lookups(rules, lookup);
    }

    /** Reads an address and sees that it may be called now. */
    public Address check(TenantId tenant, String url) throws RefusedAddress {
        Address address = read(url);
        resolve(tenant, address, LONG);
        return address;
    }

    /** Reads an address without asking anybody. */
    public Address read(String url) throws RefusedAddress {
        return Address.of(url, rules.loopback());
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
            if (!Networks.isPublic(each) && !(rules.loopback() && each.isLoopbackAddress())) {
                throw new RefusedAddress("the host is not on the public internet");
            }
        }
        return all;
    }

    /** Keeps an installation that others reach from starting with addresses on its own machine allowed. */
    public void demandLocal() {
        if (rules.loopback() && !isHere(URI.create(rules.publicUrl()).getHost())) {
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
