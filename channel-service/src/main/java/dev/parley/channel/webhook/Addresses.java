package dev.parley.channel.webhook;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Says where an endpoint may be called: a name is looked up once, everything that it stands for must be public, and the
 * caller connects to the very address that it gets from here, so no later answer of a name server can lead inside.
 */
@ApplicationScoped
public class Addresses {
    private static final int MOST_LOOKUPS = 64;
    private static final int NAMES = 10_000;

    private final WebhookConfig config;
    private final Lookup lookup;
    private final Cache<String, List<InetAddress>> known;
    // A look-up blocks in native code, which would hold the carrier of a virtual thread.
    private final ExecutorService lookups;

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
        this.lookup = lookup;
        this.known = Caffeine.newBuilder()
                .maximumSize(NAMES)
                .expireAfterWrite(config.lookupTime())
                .build();
        this.lookups = new ThreadPoolExecutor(
                0,
                MOST_LOOKUPS,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("webhook-lookup-", 0).factory());
    }

    /** Reads an address and sees that it may be called now. */
    public Address check(String url) throws RefusedAddress {
        Address address = read(url);
        resolve(address);
        return address;
    }

    /** Reads an address without asking anybody. */
    public Address read(String url) throws RefusedAddress {
        return Address.of(url, config.loopback());
    }

    /** The IP address to connect to. */
    public InetAddress resolve(Address address) throws RefusedAddress {
        List<InetAddress> all = address.literal() != null ? List.of(address.literal()) : lookedUp(address.host());
        for (InetAddress each : all) {
            if (!Networks.isPublic(each) && !(config.loopback() && each.isLoopbackAddress())) {
                throw new RefusedAddress("the host is not on the public internet");
            }
        }
        return all.getFirst();
    }

    private List<InetAddress> lookedUp(String name) throws RefusedAddress {
        List<InetAddress> cached = known.getIfPresent(name);
        if (cached != null) {
            return cached;
        }
        try {
            Future<InetAddress[]> asked = lookups.submit(() -> lookup.of(name));
            List<InetAddress> found = List.of(asked.get(config.lookupPatience().toMillis(), TimeUnit.MILLISECONDS));
            if (found.isEmpty()) {
                throw new RefusedAddress("the host has no address");
            }
            known.put(name, found);
            return found;
        } catch (ExecutionException unknown) {
            throw new RefusedAddress("the host has no address");
        } catch (TimeoutException | RejectedExecutionException late) {
            throw new RefusedAddress("no name server answered for the host");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new RefusedAddress("the look-up was interrupted");
        }
    }
}
