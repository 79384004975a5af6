package dev.parley.channel.draft;

import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.delivery.DeliveryService;
import dev.parley.channel.delivery.Purpose;
import dev.parley.channel.handoff.HandoffService;
import dev.parley.channel.handoff.Ownership;
import dev.parley.channel.review.RuleService;
import dev.parley.channel.review.RuleService.Verdict;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps replies back until a person has decided. An approval is a reply like any other from then on: planned in the
 * transaction that decides, under the epoch in which the agent answered.
 */
@ApplicationScoped
public class DraftService {
    private static final int BATCH = 100;
    private static final String REJECTED = "DRAFT_REJECTED";
    private static final String EXPIRED = "DRAFT_EXPIRED";
    private static final String TAKEN_OVER = "taken_over";
    private static final String OPTED_OUT = "opted_out";

    private final Database database;
    private final DraftRepository repository;
    private final RuleService rules;
    private final HandoffService handoffs;
    private final DeliveryService deliveries;
    private final Outbox outbox;
    private final Audit audit;
    private final DraftConfig config;
    private final Clock clock;

    DraftService(
            Database database,
            DraftRepository repository,
            RuleService rules,
            HandoffService handoffs,
            DeliveryService deliveries,
            Outbox outbox,
            Audit audit,
            DraftConfig config,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.rules = rules;
        this.handoffs = handoffs;
        this.deliveries = deliveries;
        this.outbox = outbox;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
    }

    /** Keeps a reply back, in the transaction that notes what the run cost. */
    public void keep(Handle handle, TenantId tenant, Reply reply, Verdict verdict) {
        boolean sampled = verdict == Verdict.SAMPLED;
        Instant until = repository.insert(handle, tenant, reply, sampled, config.life());
        outbox.append(
                handle,
                tenant,
                new DraftCreated(
                        reply.id(),
                        reply.conversation(),
                        reply.operation(),
                        reply.agent(),
                        reply.channel(),
                        sampled,
                        until,
                        clock.instant()));
    }

    /** The operations whose answers wait for a person, and can still be replaced by one to more. */
    public List<UUID> waiting(Handle handle, TenantId tenant, UUID conversation) {
        return repository.waiting(handle, tenant, conversation);
    }

    /** Ends the drafts of these operations: the answer of a later one takes their place. */
    public void supersede(Handle handle, TenantId tenant, List<UUID> operations, UUID by) {
        repository
                .supersede(handle, tenant, operations, by)
                .forEach(id -> tell(handle, tenant, existing(handle, tenant, id), null));
    }

    /** The draft of an operation in the order of what happened to it, for the operation's trace. */
    public List<Step> steps(Handle handle, TenantId tenant, UUID operation) {
        return repository
                .ofOperation(handle, tenant, operation)
                .map(DraftService::steps)
                .orElse(List.of());
    }

    private static List<Step> steps(Draft draft) {
        Step drafted = new Step(
                draft.createdAt(),
                "drafted",
                Map.of(
                        "draft_id",
                        draft.id().toString(),
                        "expires_at",
                        draft.expiresAt().toString()));
        Step edited = draft.editedAt() == null
                ? null
                : new Step(draft.editedAt(), "draft-edited", Map.of("edited_by", draft.editedBy()));
        Map<String, Object> how = new LinkedHashMap<>();
        put(how, "decided_by", draft.decidedBy());
        put(how, "reason", draft.reason());
        put(how, "superseded_by", draft.supersededBy());
        Step decided = draft.decidedAt() == null
                ? null
                : new Step(draft.decidedAt(), "draft-" + draft.state().stored(), how);
        return Stream.of(drafted, edited, decided).filter(Objects::nonNull).toList();
    }

    private static void put(Map<String, Object> detail, String name, @Nullable Object value) {
        if (value != null) {
            detail.put(name, value.toString());
        }
    }

    /** Changes what will be sent; what the agent wrote stays beside it. */
    Draft edit(Caller caller, UUID id, String text) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            Draft before = existing(handle, tenant, id);
            if (before.over() || !repository.edit(handle, tenant, id, text, caller.subject())) {
                throw refusal(existing(handle, tenant, id));
            }
            Draft after = existing(handle, tenant, id);
            record(handle, caller, "draft.edit", before, after, null);
            return after;
        });
    }

    /**
     * Lets a draft out: from then on it is the reply of its turn. The same again changes nothing.
     *
     * @param version the one that was read, or null for whatever it says now
     * @return what became of it, which is something else when it could not be sent any more
     */
    Draft approve(Caller caller, UUID id, @Nullable Integer version) {
        TenantId tenant = caller.tenant();
        return decide(caller, id, DraftState.APPROVED, null, (handle, draft) -> {
            if (repository.answersAnew(handle, tenant, draft.conversation())) {
                throw new Problem(DraftProblem.DRAFT_SUPERSEDED);
            }
            if (version != null && version != draft.version()) {
                throw new Problem(DraftProblem.DRAFT_CHANGED).with("version", draft.version());
            }
            repository.say(handle, tenant, draft, caller.subject());
            deliveries.plan(
                    handle,
                    tenant,
                    draft.conversation(),
                    draft.id(),
                    draft.operation(),
                    OutboundReply.of(draft.text()),
                    Purpose.REPLY,
                    draft.epoch());
        });
    }

    /** Says that a draft is not sent. The same again changes nothing. */
    Draft reject(Caller caller, UUID id, @Nullable String reason) {
        return decide(
                caller,
                id,
                DraftState.REJECTED,
                reason,
                (handle, draft) -> repository.withhold(handle, caller.tenant(), draft.operation(), REJECTED));
    }

    /**
     * The conversation's row is where decisions, take-overs and new messages meet: one of them is first. A draft that is
     * over by then is ended here, and that stays.
     */
    private Draft decide(Caller caller, UUID id, DraftState as, @Nullable String reason, Effect effect) {
        TenantId tenant = caller.tenant();
        Draft after = database.inTenant(tenant, handle -> {
            UUID conversation = existing(handle, tenant, id).conversation();
            Ownership owner = handoffs.look(handle, tenant, conversation).orElseThrow();
            Draft draft = existing(handle, tenant, id);
            if (draft.state() != DraftState.WAITING || endIfOver(handle, tenant, draft, owner)) {
                return existing(handle, tenant, id);
            }
            // The draft before its operation, as the answer that takes its place locks them.
            if (!repository.decide(handle, tenant, id, as, caller.subject(), reason)) {
                return existing(handle, tenant, id);
            }
            // As it is now that nobody can edit it any more.
            Draft decided = existing(handle, tenant, id);
            effect.happen(handle, decided);
            tell(handle, tenant, decided, caller.subject());
            record(
                    handle,
                    caller,
                    as == DraftState.APPROVED ? "draft.approve" : "draft.reject",
                    draft,
                    decided,
                    reason);
            rules.judge(handle, tenant, draft.agent(), draft.channel());
            return decided;
        });
        if (after.state() != as) {
            throw refusal(after);
        }
        return after;
    }

    private boolean endIfOver(Handle handle, TenantId tenant, Draft draft, Ownership owner) {
        if (draft.over()) {
            end(handle, tenant, draft, DraftState.EXPIRED, null);
        } else if (draft.epoch() != owner.epoch()) {
            end(handle, tenant, draft, DraftState.ENDED, owner.optedOut() ? OPTED_OUT : TAKEN_OVER);
        } else {
            return false;
        }
        return true;
    }

    private void end(Handle handle, TenantId tenant, Draft draft, DraftState as, @Nullable String reason) {
        if (repository.decide(handle, tenant, draft.id(), as, null, reason)) {
            repository.withhold(
                    handle,
                    tenant,
                    draft.operation(),
                    as == DraftState.EXPIRED ? EXPIRED : "DRAFT_" + reason.toUpperCase(Locale.ROOT));
            tell(handle, tenant, existing(handle, tenant, draft.id()), null);
        }
    }

    /** Ends drafts that nobody decided in time, or that another epoch of their conversation ended; returns how many. */
    public int sweep() {
        var over = database.acrossTenants(handle -> repository.over(handle, BATCH));
        over.forEach(one -> database.useTenant(one.tenant(), handle -> {
            UUID conversation = existing(handle, one.tenant(), one.id()).conversation();
            Ownership owner = handoffs.look(handle, one.tenant(), conversation).orElseThrow();
            Draft draft = existing(handle, one.tenant(), one.id());
            if (draft.state() == DraftState.WAITING) {
                endIfOver(handle, one.tenant(), draft, owner);
            }
        }));
        return over.size();
    }

    /** One draft; 404 when the tenant has none of that id. */
    Draft get(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> existing(handle, tenant, id));
    }

    /** Drafts of a state, an agent and a channel; null stands for any. What waits comes longest first. */
    List<Draft> list(
            TenantId tenant,
            @Nullable DraftState state,
            @Nullable String agent,
            @Nullable String channel,
            @Nullable UUID after,
            int limit) {
        return database.inTenant(
                tenant, handle -> repository.list(handle, tenant, state, agent, channel, after, limit));
    }

    private Draft existing(Handle handle, TenantId tenant, UUID id) {
        return repository.find(handle, tenant, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }

    private static Problem refusal(Draft draft) {
        DraftProblem why =
                switch (draft.state()) {
                    case APPROVED, REJECTED -> DraftProblem.DRAFT_DECIDED;
                    case SUPERSEDED -> DraftProblem.DRAFT_SUPERSEDED;
                    case EXPIRED, ENDED, WAITING -> DraftProblem.DRAFT_OVER;
                };
        Problem problem = new Problem(why).with("state", draft.state().stored());
        return draft.reason() == null ? problem : problem.with("reason", draft.reason());
    }

    private void tell(Handle handle, TenantId tenant, Draft draft, @Nullable String by) {
        outbox.append(
                handle,
                tenant,
                new DraftDecided(
                        draft.id(),
                        draft.conversation(),
                        draft.operation(),
                        draft.agent(),
                        draft.channel(),
                        draft.state(),
                        !draft.unchanged(),
                        draft.sampled(),
                        by,
                        clock.instant()));
    }

    private void record(
            Handle handle, Caller caller, String action, Draft before, Draft after, @Nullable String reason) {
        audit.record(
                handle,
                caller,
                caller.tenant(),
                new AuditEntry(action, "draft", after.id().toString(), facts(before), facts(after), reason));
    }

    /** Texts stand in the draft alone, which retention and erasure reach. */
    private static Map<String, Object> facts(Draft draft) {
        return Map.of(
                "state", draft.state().stored(),
                "version", draft.version(),
                "edited", !draft.unchanged(),
                "conversation_id", draft.conversation().toString());
    }

    /** What a decision does beside being noted. */
    private interface Effect {
        void happen(Handle handle, Draft draft);
    }

    /** One thing that happened to a draft. */
    public record Step(Instant at, String name, Map<String, Object> detail) {}
}
