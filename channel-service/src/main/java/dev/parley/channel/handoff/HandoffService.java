package dev.parley.channel.handoff;

import dev.parley.channel.handoff.HandoffEvent.Kind;
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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Gives conversations to people and back to the bot.
 *
 * <p>An agent that asks for a person ends in a conversation that waits, until a person takes it or gives it back: the bot
 * is silent meanwhile. The bot has a conversation again when a person says so, or when the lease is over because the
 * person said nothing for so long. What a person had and gave back stays that person's; what nobody answered, because
 * nobody came or the person went, the bot answers.
 */
@ApplicationScoped
public class HandoffService {
    private static final String KEPT_BY_CALLER = "api";
    private static final int BATCH = 100;
    private static final String RELEASED = "released";
    private static final String INACTIVITY = "inactivity";

    private final Database database;
    private final HandoffRepository repository;
    private final Outbox outbox;
    private final Audit audit;
    private final HandoffNotices notices;
    private final HandoffConfig config;
    private final Clock clock;

    HandoffService(
            Database database,
            HandoffRepository repository,
            Outbox outbox,
            Audit audit,
            HandoffNotices notices,
            HandoffConfig config,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.outbox = outbox;
        this.audit = audit;
        this.notices = notices;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Whether people can be heard in conversations of that channel: everywhere but where a caller of chat completions
     * keeps the conversation itself.
     */
    public static boolean isOpenToPeople(String channel) {
        return !KEPT_BY_CALLER.equals(channel);
    }

    /** Gives a conversation to the caller, from the bot or from another person. */
    Ownership takeOver(Caller caller, UUID conversation) {
        return database.inTenant(caller.tenant(), handle -> take(handle, caller, conversation));
    }

    /** Gives a conversation back to the bot; 409 when nobody has it. */
    Ownership handBack(Caller caller, UUID conversation) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            Ownership before = existing(handle, tenant, conversation);
            if (before.isBots()) {
                throw new Problem(HandoffProblem.CONVERSATION_NOT_TAKEN_OVER);
            }
            Ownership after = giveBack(handle, tenant, before, RELEASED);
            record(handle, caller, "conversation.hand-back", before, after);
            return after;
        });
    }

    /**
     * Gives a conversation to a person in the transaction in which that person speaks, or asks for it. Whoever speaks
     * has it, and the lease begins anew.
     */
    public Ownership take(Handle handle, Caller caller, UUID conversation) {
        TenantId tenant = caller.tenant();
        Ownership before = existing(handle, tenant, conversation);
        if (!isOpenToPeople(before.channel())) {
            throw new Problem(HandoffProblem.CONVERSATION_KEPT_BY_CALLER);
        }
        repository.take(handle, tenant, conversation, caller.subject(), config.lease());
        repository.holdOpen(handle, tenant, conversation);
        Ownership after = existing(handle, tenant, conversation);
        if (!before.staffed() || before.lapsed() || !caller.subject().equals(before.assignedTo())) {
            outbox.append(
                    handle,
                    tenant,
                    new HandoffEvent(
                            Kind.TAKEN_OVER,
                            conversation,
                            after.epoch(),
                            after.assignedTo(),
                            after.ownerUntil(),
                            null,
                            clock.instant()));
            record(handle, caller, "conversation.take-over", before, after);
        }
        return after;
    }

    /**
     * Who speaks now, locked until the transaction ends; a lease that is over is ended by the look. Empty when there is
     * no such conversation any more.
     */
    public Optional<Ownership> look(Handle handle, TenantId tenant, UUID conversation) {
        return repository
                .lock(handle, tenant, conversation)
                .map(found -> found.lapsed() ? giveBack(handle, tenant, found, INACTIVITY) : found);
    }

    /** Ends leases that are over; returns how many. */
    public int sweep() {
        var lapsed = database.acrossTenants(handle -> repository.lapsed(handle, BATCH));
        lapsed.forEach(
                one -> database.useTenant(one.tenant(), handle -> look(handle, one.tenant(), one.conversation())));
        return lapsed.size();
    }

    /**
     * Has the conversation wait for a person, in the transaction that stores what the agent said to that. A person who
     * has it already is not asked for again.
     */
    public void request(Handle handle, TenantId tenant, HandoffWish wish) {
        if (!existing(handle, tenant, wish.conversationId()).isBots()) {
            return;
        }
        repository.await(handle, tenant, wish);
        repository.holdOpen(handle, tenant, wish.conversationId());
        outbox.append(
                handle,
                tenant,
                new HandoffRequested(
                        wish.conversationId(),
                        wish.operationId(),
                        wish.channel(),
                        wish.agent(),
                        wish.reason(),
                        clock.instant()));
    }

    /** What a customer who writes while nobody has come yet is to be told; once each time that somebody is asked for. */
    public Optional<String> reassurance(Handle handle, TenantId tenant, UUID conversation, @Nullable String language) {
        return repository.told(handle, tenant, conversation) ? Optional.of(notices.in(language)) : Optional.empty();
    }

    /** Notes that a customer who writes while nobody has come yet was told what there is to say. */
    public void reassured(Handle handle, TenantId tenant, UUID conversation) {
        repository.told(handle, tenant, conversation);
    }

    private Ownership giveBack(Handle handle, TenantId tenant, Ownership before, String reason) {
        UUID conversation = before.conversationId();
        repository.giveBack(handle, tenant, conversation);
        if (before.isWaiting() || reason.equals(INACTIVITY)) {
            repository.queueUnanswered(handle, tenant, conversation);
        }
        Ownership after = existing(handle, tenant, conversation);
        outbox.append(
                handle,
                tenant,
                new HandoffEvent(Kind.HANDED_BACK, conversation, after.epoch(), null, null, reason, clock.instant()));
        return after;
    }

    private Ownership existing(Handle handle, TenantId tenant, UUID conversation) {
        return repository.lock(handle, tenant, conversation).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }

    private void record(Handle handle, Caller caller, String action, Ownership before, Ownership after) {
        audit.record(
                handle,
                caller,
                caller.tenant(),
                new AuditEntry(
                        action, "conversation", after.conversationId().toString(), facts(before), facts(after), null));
    }

    private static Map<String, Object> facts(Ownership of) {
        return of.assignedTo() == null
                ? Map.of("owner", of.owner(), "epoch", of.epoch())
                : Map.of("owner", of.owner(), "epoch", of.epoch(), "assigned_to", of.assignedTo());
    }
}
