package dev.parley.policy.history;

import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.entitlement.TermsVersion;
import dev.parley.policy.history.HistoryRepository.Found;
import dev.parley.policy.rules.RulesService;
import dev.parley.policy.turn.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Finds decisions of the log, and what they were made from. */
@ApplicationScoped
public class HistoryService {
    private static final int SEARCHES_AT_ONCE = 2;
    private static final Duration SEARCH_PATIENCE = Duration.ofSeconds(1);

    private final Database database;
    private final HistoryRepository decisions;
    private final EntitlementService entitlements;
    private final RulesService rules;
    private final Turns turns = new Turns(SEARCHES_AT_ONCE, SEARCH_PATIENCE);

    HistoryService(
            Database database, HistoryRepository decisions, EntitlementService entitlements, RulesService rules) {
        this.database = database;
        this.decisions = decisions;
        this.entitlements = entitlements;
        this.rules = rules;
    }

    /** A page; one that has less than was asked for, or nothing, and names a next one has looked at enough for one time. */
    Page<LoggedDecision> search(TenantId tenant, Search search, @Nullable String cursor, @Nullable Integer limit) {
        UUID before = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        Found found = turns.take(
                tenant,
                () -> database.inTenant(tenant, handle -> decisions.search(handle, tenant, search, before, size + 1)));
        List<RecordedDecision> rows = found.decisions();
        Page<RecordedDecision> page = rows.size() <= size && found.lookedAt() != null
                ? new Page<>(rows, Cursor.encode(found.lookedAt().toString()))
                : Page.of(rows, size, decision -> decision.id().toString());
        return page.map(LoggedDecision::of);
    }

    /** One decision with the limits that it looked at; 404 when the tenant has none of that id. */
    LoggedDecision find(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> decisions
                .find(handle, tenant, id)
                .map(decision -> explained(handle, tenant, decision))
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND)));
    }

    private LoggedDecision explained(Handle handle, TenantId tenant, RecordedDecision decision) {
        TermsVersion version =
                entitlements.version(handle, tenant, decision.policyVersion()).orElse(null);
        if (version == null) {
            return LoggedDecision.of(decision);
        }
        Terms terms = version.terms();
        return LoggedDecision.of(
                decision,
                terms,
                decision.again(rules.engineOf(handle, decision.rulesVersion()), tenant, terms, 0)
                        .limits());
    }

    /** A page of the tenant's decisions in that time, oldest first, from behind that one; for the relay role. */
    public List<RecordedDecision> page(
            Handle relay, TenantId tenant, Instant from, Instant to, @Nullable UUID after, int limit) {
        return decisions.after(relay, tenant, from, to, after, limit);
    }
}
