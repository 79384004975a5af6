package dev.parley.agent.run;

import dev.parley.platform.tenancy.TenantId;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Gives everybody in this process who asks for an operation at the same time the outcome of the first one. */
final class SharedRuns {
    private final Map<Key, CompletableFuture<RunResult>> inFlight = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, UUID operationId) {}

    /**
     * Makes the run, or waits for who is making it.
     *
     * @param made makes it; called for the first one only
     * @param joined makes what a later one sees out of the first one's result
     */
    RunResult share(TenantId tenant, UUID operationId, Supplier<RunResult> made, UnaryOperator<RunResult> joined) {
        Key key = new Key(tenant, operationId);
        CompletableFuture<RunResult> mine = new CompletableFuture<>();
        CompletableFuture<RunResult> others = inFlight.putIfAbsent(key, mine);
        if (others != null) {
            return joined.apply(join(others));
        }
        try {
            RunResult result = made.get();
            mine.complete(result);
            return result;
        } catch (RuntimeException | Error failure) {
            mine.completeExceptionally(failure);
            throw failure;
        } finally {
            inFlight.remove(key);
        }
    }

    private static RunResult join(CompletableFuture<RunResult> others) {
        try {
            return others.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }
}
