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

/**
 * Gives conversations to people and back to the bot.
 *
 * <p>The bot has a conversation again when a person says so, or when the lease is over because the person said nothing
 * for so long. It answers what comes from then on; what came while the person had it stays the person's.
 */
@ApplicationScoped
public class HandoffService {
    private static final int BATCH = 100;
    private static final String RELEASED = "released";
    private static final String INACTIVITY = "inactivity";

    private final Database database;
    private final HandoffRepository repository;
    private final Outbox outbox;
    private final Audit audit;
    private final HandoffConfig config;
    private final Clock clock;

    HandoffService(
            Database database,
            HandoffRepository repository,
            Outbox outbox,
            Audit audit,
            HandoffConfig config,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.outbox = outbox;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
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
            if (!before.staffed()) {
                throw new Problem(HandoffProblem.CONVERSATION_NOT_TAKEN_OVER);
            }
            Ownership after = giveBack(handle, tenant, conversation, RELEASED);
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
        if (!before.onMessenger()) {
            throw new Problem(HandoffProblem.CONVERSATION_NOT_ON_A_MESSENGER);
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
                .map(found -> found.lapsed() ? giveBack(handle, tenant, conversation, INACTIVITY) : found);
    }

    /** Ends leases that are over; returns how many. */
    public int sweep() {
        var lapsed = database.acrossTenants(handle -> repository.lapsed(handle, BATCH));
        lapsed.forEach(
                one -> database.useTenant(one.tenant(), handle -> look(handle, one.tenant(), one.conversation())));
        return lapsed.size();
    }

    private Ownership giveBack(Handle handle, TenantId tenant, UUID conversation, String reason) {
        repository.giveBack(handle, tenant, conversation);
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
