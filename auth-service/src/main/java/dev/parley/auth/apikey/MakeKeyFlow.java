package dev.parley.auth.apikey;

import dev.parley.auth.stock.Stock;
import dev.parley.auth.stock.StockFlow;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes and replaces keys, if the tenant's plan has room for them. */
@ApplicationScoped
public class MakeKeyFlow {
    private static final Duration USUAL_OVERLAP = Duration.ofDays(1);

    private final ApiKeyService keys;
    private final StockFlow stocks;

    MakeKeyFlow(ApiKeyService keys, StockFlow stocks) {
        this.keys = keys;
        this.stocks = stocks;
    }

    /** Makes a key; the answer is the only place that ever shows its secret. */
    public CreatedApiKeyResponse create(Caller caller, CreateApiKeyRequest request) {
        return stocks.addOne(
                caller,
                caller.tenant(),
                Stock.KEYS,
                () -> keys.living(caller),
                allowance -> keys.create(caller, request, allowance));
    }

    /**
     * Makes a key with the rights of another, which ends after the overlap. The one that it replaces does not count, so a
     * plan with one key can rotate it, but not again while its predecessor still works. Without an overlap policy is not
     * asked: a leaked key can be replaced whatever the plan says and whoever is down.
     */
    public CreatedApiKeyResponse rotate(Caller caller, UUID id, @Nullable Integer overlapSeconds) {
        Duration overlap = overlapSeconds == null ? USUAL_OVERLAP : Duration.ofSeconds(overlapSeconds);
        if (overlap.isZero()) {
            return keys.rotateAtOnce(caller, id);
        }
        return stocks.addOne(
                caller,
                caller.tenant(),
                Stock.KEYS,
                () -> keys.livingBeside(caller, id),
                allowance -> keys.rotate(caller, id, overlap, allowance));
    }
}
