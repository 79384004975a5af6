package dev.parley.channel.delivery;

import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.contact.OptOutService;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.delivery.StatusRepository.Reached;
import dev.parley.platform.data.Database;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps how far sent messages have come, as vendors tell it: in any order, more than once, sometimes too early. */
@ApplicationScoped
public class StatusService {
    private final Database database;
    private final StatusRepository repository;
    private final OptOutService optOuts;
    private final HeldTemplates templates;
    private final Outbox outbox;
    private final DeliveryConfig config;

    StatusService(
            Database database,
            StatusRepository repository,
            OptOutService optOuts,
            HeldTemplates templates,
            Outbox outbox,
            DeliveryConfig config) {
        this.database = database;
        this.repository = repository;
        this.optOuts = optOuts;
        this.templates = templates;
        this.outbox = outbox;
        this.config = config;
    }

    /**
     * Notes what a vendor tells of a message, in the transaction that stores its word. A message that came too late for
     * the customer's window is held, as if it had not been sent.
     */
    public void note(Handle handle, TenantId tenant, UUID account, InboundEvent.Status status) {
        if (status.reference() != null) {
            repository
                    .adopt(handle, tenant, account, status.reference(), status.providerMessageId())
                    .ifPresent(sent -> publish(handle, tenant, sent, MessageEvent.Kind.SENT, status));
        }
        if (status.refusal() == SendOutcome.Refusal.WINDOW_CLOSED) {
            Optional<UUID> held = repository.holdAgain(handle, tenant, account, status, config.longestHeld());
            if (held.isPresent()) {
                templates.offer(handle, tenant, account, held.get());
                return;
            }
        }
        repository
                .note(handle, tenant, account, status)
                .ifPresentOrElse(reached -> follow(handle, tenant, reached, status), () -> {
                    if (!repository.isKnown(handle, tenant, account, status.providerMessageId())) {
                        repository.keepEarly(handle, tenant, account, status);
                    }
                });
    }

    /** Catches up with what a vendor told of a message before we knew that it had taken it. */
    void catchUp(Handle handle, TenantId tenant, UUID account, String providerMessageId) {
        repository
                .takeEarly(handle, tenant, account, providerMessageId)
                .ifPresent(early -> note(handle, tenant, account, early));
    }

    /** Forgets what vendors told of messages that are not ours; returns how much. */
    public int sweep() {
        return database.acrossTenants(handle -> repository.forgetEarly(handle, config.earlyStatusMemory()));
    }

    /** Whether one of the account's sends is known to be that message of the vendor. */
    boolean knows(Handle handle, TenantId tenant, UUID account, String providerMessageId) {
        return repository.isKnown(handle, tenant, account, providerMessageId);
    }

    private void follow(Handle handle, TenantId tenant, Reached reached, InboundEvent.Status status) {
        publish(handle, tenant, reached, status);
        if (status.refusal() == SendOutcome.Refusal.OPTED_OUT) {
            optOuts.optOutOf(handle, tenant, reached.conversation(), reached.message());
        }
    }

    private void publish(Handle handle, TenantId tenant, Reached reached, InboundEvent.Status status) {
        MessageEvent.Kind kind =
                switch (reached.delivery()) {
                    case "delivered" -> MessageEvent.Kind.DELIVERED;
                    case "read" -> MessageEvent.Kind.READ;
                    case "failed" -> MessageEvent.Kind.FAILED;
                    case null, default -> null;
                };
        if (kind != null) {
            publish(handle, tenant, reached, kind, status);
        }
    }

    /** The event is the message's operation's; the rest of the webhook call stays its own. */
    private void publish(
            Handle handle, TenantId tenant, Reached reached, MessageEvent.Kind kind, InboundEvent.Status status) {
        UUID call = Operation.id();
        try {
            Operation.enter(reached.operation());
            outbox.append(
                    handle,
                    tenant,
                    MessageEvent.of(
                            kind,
                            reached.message(),
                            reached.conversation(),
                            reached.operation(),
                            reached.channel(),
                            reached.agent(),
                            status.at()));
        } finally {
            Operation.enter(call);
        }
    }
}
