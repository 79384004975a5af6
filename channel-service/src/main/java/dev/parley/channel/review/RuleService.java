package dev.parley.channel.review;

import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.statistics.Rate;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps the rules of review: who puts an agent under review or on autopilot, and what its drafts say of it. */
@ApplicationScoped
public class RuleService {
    private static final double USUAL_THRESHOLD = 0.95;
    private static final int USUAL_SIZE = 200;
    private static final int USUAL_ONE_IN = 10;
    private static final String OFF = "off";
    private static final Caller SELF =
            new Caller(null, "service:channel-service", Caller.SERVICE, Set.of(Caller.SERVICE), Set.of());

    private final Database database;
    private final RuleRepository repository;
    private final Outbox outbox;
    private final Audit audit;
    private final Clock clock;

    RuleService(Database database, RuleRepository repository, Outbox outbox, Audit audit, Clock clock) {
        this.database = database;
        this.repository = repository;
        this.outbox = outbox;
        this.audit = audit;
        this.clock = clock;
    }

    /** Whether and why a reply waits for a person before it is sent; asked in the transaction that stores it. */
    public Verdict verdict(Handle handle, TenantId tenant, String agent, String channel, UUID message) {
        return repository
                .find(handle, tenant, agent, channel)
                .filter(rule -> rule.keepsBack(message))
                .map(rule -> rule.onAutopilot() ? Verdict.SAMPLED : Verdict.REVIEWED)
                .orElse(Verdict.SENT);
    }

    /**
     * Looks, in the transaction in which a person decided a draft, whether the agent is still good enough for autopilot;
     * if not, all its replies are drafts from then on.
     */
    public void judge(Handle handle, TenantId tenant, String agent, String channel) {
        if (repository
                .find(handle, tenant, agent, channel)
                .filter(Rule::onAutopilot)
                .isEmpty()) {
            return;
        }
        Rule rule = repository
                .lock(handle, tenant, agent, channel)
                .filter(Rule::onAutopilot)
                .orElse(null);
        if (rule == null) {
            return;
        }
        Rate unchanged = repository.unchanged(handle, tenant, rule);
        if (rule.lostBy(unchanged)) {
            Rule back = rule.in(Mode.REVIEW);
            repository.put(handle, tenant, back, SELF.actor());
            tell(handle, tenant, SELF, back, Mode.REVIEW.stored(), "fell_back", unchanged);
            record(handle, tenant, SELF, "review-rule.fall-back", rule, back);
        }
    }

    /** All rules, by agent and channel. */
    List<RuleResponse> list(TenantId tenant) {
        return database.inTenant(tenant, handle -> repository.list(handle, tenant).stream()
                .map(rule -> response(handle, tenant, rule))
                .toList());
    }

    /** Puts an agent under review or on autopilot; 409 when it has not earned that. */
    RuleResponse change(Caller caller, String agent, String channel, ChangeRuleRequest request) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            Optional<Rule> before = repository.lock(handle, tenant, agent, channel);
            Rule after = wanted(before, agent, channel, request);
            Rate unchanged = repository.unchanged(handle, tenant, after);
            if (after.onAutopilot() && !after.earnedBy(unchanged)) {
                throw notEarned(after, unchanged);
            }
            repository.put(handle, tenant, after, caller.actor());
            record(handle, tenant, caller, "review-rule.change", before.orElse(null), after);
            boolean was = before.filter(Rule::onAutopilot).isPresent();
            if (was != after.onAutopilot()) {
                tell(handle, tenant, caller, after, after.mode().stored(), was ? "withdrawn" : "earned", unchanged);
            }
            return response(handle, tenant, after);
        });
    }

    /** Ends review: all that the agent replies there goes out at once. */
    void remove(Caller caller, String agent, String channel) {
        TenantId tenant = caller.tenant();
        database.useTenant(tenant, handle -> {
            Rule rule = repository
                    .lock(handle, tenant, agent, channel)
                    .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            repository.remove(handle, tenant, rule);
            record(handle, tenant, caller, "review-rule.remove", rule, null);
            if (rule.onAutopilot()) {
                tell(handle, tenant, caller, rule, OFF, "withdrawn", repository.unchanged(handle, tenant, rule));
            }
        });
    }

    private static Rule wanted(Optional<Rule> before, String agent, String channel, ChangeRuleRequest request) {
        return new Rule(
                agent,
                channel,
                Mode.of(request.mode()),
                request.threshold() != null
                        ? request.threshold().doubleValue()
                        : before.map(Rule::threshold).orElse(USUAL_THRESHOLD),
                request.sampleSize() != null
                        ? request.sampleSize()
                        : before.map(Rule::sampleSize).orElse(USUAL_SIZE),
                request.sampleOneIn() != null
                        ? request.sampleOneIn()
                        : before.map(Rule::sampleOneIn).orElse(USUAL_ONE_IN));
    }

    private static Problem notEarned(Rule rule, Rate unchanged) {
        double surely = RuleResponse.rounded(Rule.surely(unchanged));
        return new Problem(ReviewProblem.AUTOPILOT_NOT_EARNED)
                .detail(
                        "Of the last %d reviewed drafts %d were approved unchanged, which is all but surely %s or more; %s is needed."
                                .formatted(unchanged.of(), unchanged.times(), surely, rule.threshold()))
                .with("reviewed", unchanged.of())
                .with("unchanged", unchanged.times())
                .with("rate", RuleResponse.rounded(unchanged.value()))
                .with("certain_rate", surely)
                .with("threshold", rule.threshold());
    }

    private RuleResponse response(Handle handle, TenantId tenant, Rule rule) {
        return RuleResponse.of(
                rule, repository.unchanged(handle, tenant, rule), repository.waiting(handle, tenant, rule));
    }

    private void tell(Handle handle, TenantId tenant, Caller by, Rule rule, String mode, String cause, Rate unchanged) {
        outbox.append(
                handle,
                tenant,
                new AutopilotChanged(
                        rule.agent(),
                        rule.channel(),
                        mode,
                        cause,
                        RuleResponse.rounded(unchanged.value()),
                        unchanged.of(),
                        rule.threshold(),
                        by == SELF ? null : by.subject(),
                        clock.instant()));
    }

    private void record(
            Handle handle, TenantId tenant, Caller caller, String action, @Nullable Rule before, @Nullable Rule after) {
        Rule of = after == null ? before : after;
        audit.record(
                handle,
                caller,
                tenant,
                new AuditEntry(action, "review-rule", of.agent() + "/" + of.channel(), before, after, null));
    }

    /** What becomes of a reply. */
    public enum Verdict {
        /** It is sent. */
        SENT,
        /** It waits for a person, as all of this agent do. */
        REVIEWED,
        /** It waits for a person, although the agent is on autopilot. */
        SAMPLED
    }
}
