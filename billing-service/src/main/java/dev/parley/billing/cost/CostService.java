package dev.parley.billing.cost;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Notes what each run of a model cost at the prices of its time, once per run. */
@ApplicationScoped
public class CostService {
    private final CostRepository costs;
    private final CostConfig config;

    CostService(CostRepository costs, CostConfig config) {
        this.costs = costs;
        this.config = config;
    }

    /** A run of models, and when it was. */
    public record Run(Instant at, ModelUsed used) {}

    /** Notes runs of one tenant in one statement, whether they ended well or not. Repeating it changes nothing. */
    public void record(Handle handle, TenantId tenant, List<Run> runs) {
        List<CostRepository.Row> rows = new ArrayList<>();
        for (Run run : runs) {
            List<ModelUsed.Part> parts = run.used().used();
            for (int i = 0; i < parts.size(); i++) {
                rows.add(new CostRepository.Row(run.at(), run.used(), i, parts.get(i), cost(parts.get(i))));
            }
        }
        if (!rows.isEmpty()) {
            costs.insert(handle, tenant, rows);
        }
    }

    /** In millionths of the minor unit; null for a model that no price is known of, nothing for a tenant's own key. */
    private @Nullable Long cost(ModelUsed.Part used) {
        if (used.isPaidByTenant()) {
            return 0L;
        }
        CostConfig.ModelPrice price = config.models().get(used.provider() + "/" + used.model());
        if (price == null) {
            price = config.models().get(used.model());
        }
        return price == null
                ? null
                : (Long) Math.addExact(
                        Math.multiplyExact(used.inputTokens(), price.input()),
                        Math.multiplyExact(used.outputTokens(), price.output()));
    }
}
