package dev.parley.platform.address;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.address.Addresses.Lookup;
import dev.parley.platform.tenancy.TenantId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks name servers, of which a tenant may name slow ones: each name is asked for once at a time, a few names of a tenant
 * at a time, and what had no answer is not asked for again at once.
 */
final class Lookups {
    private static final int MOST = 128;
    private static final int MOST_OF_A_TENANT = 4;
    private static final int NAMES = 10_000;

    private final Lookup server;
    private final Duration patience;
    private final Cache<String, List<InetAddress>> known;
    private final Cache<String, String> failed;
    private final ConcurrentMap<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();
    private final ConcurrentMap<TenantId, Integer> asking = new ConcurrentHashMap<>();
    // A look-up blocks in native code, which would hold the carrier of a virtual thread.
    private final Executor threads = new ThreadPoolExecutor(
            0,
            MOST,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("address-lookup-", 0).factory());

    Lookups(AddressRules rules, Lookup server) {
        this.server = server;
        this.patience = rules.lookupPatience();
        this.known = remembering(rules.lookupTime());
        this.failed = remembering(rules.lookupFailureTime());
    }

    private static <T> Cache<String, T> remembering(Duration time) {
        return Caffeine.newBuilder().maximumSize(NAMES).expireAfterWrite(time).build();
    }

    /** All addresses of a name, at least one; undecided when the answer takes longer than that, but not too long. */
    List<InetAddress> of(TenantId tenant, String name, Duration most) throws RefusedAddress {
        List<InetAddress> found = known.getIfPresent(name);
        if (found != null) {
            return found;
        }
        String reason = failed.getIfPresent(name);
        if (reason != null) {
            throw new RefusedAddress(reason);
        }
        // What is known since then is so before it is under way no more.
        CompletableFuture<List<InetAddress>> asked = underWay.computeIfAbsent(
                name, ignored -> known.getIfPresent(name) == null ? begun(tenant, name) : null);
        if (asked == null) {
            return Optional.ofNullable(known.getIfPresent(name)).orElseThrow(RefusedAddress::notNow);
        }
        try {
            return asked.get(Math.min(patience.toMillis(), most.toMillis()), TimeUnit.MILLISECONDS);
        } catch (ExecutionException unknown) {
            throw noted(name, "the host has no address");
        } catch (TimeoutException late) {
            if (most.compareTo(patience) < 0) {
                throw RefusedAddress.notNow();
            }
            throw noted(name, "no name server answered for the host");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw RefusedAddress.notNow();
        }
    }

    private RefusedAddress noted(String name, String reason) {
        failed.put(name, reason);
        return new RefusedAddress(reason);
    }

    /** The look-up, or nothing when this tenant, or all together, ask for enough names already. */
    private @Nullable CompletableFuture<List<InetAddress>> begun(TenantId tenant, String name) {
        if (asking.merge(tenant, 1, Integer::sum) > MOST_OF_A_TENANT) {
            leave(tenant);
            return null;
        }
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> ask(tenant, name, answer));
            return answer;
        } catch (RejectedExecutionException full) {
            leave(tenant);
            return null;
        }
    }

    private void ask(TenantId tenant, String name, CompletableFuture<List<InetAddress>> answer) {
        try {
            List<InetAddress> found = List.of(server.of(name));
            if (found.isEmpty()) {
                throw new UnknownHostException(name);
            }
            known.put(name, found);
            failed.invalidate(name);
            underWay.remove(name);
            answer.complete(found);
        } catch (UnknownHostException | RuntimeException unknown) {
            underWay.remove(name);
            answer.completeExceptionally(unknown);
        } finally {
            leave(tenant);
        }
    }

    private void leave(TenantId tenant) {
        asking.computeIfPresent(tenant, (ignored, names) -> names == 1 ? null : names - 1);
    }
}
