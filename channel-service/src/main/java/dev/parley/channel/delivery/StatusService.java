package dev.parley.channel.delivery;

import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.delivery.StatusRepository.Reached;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps how far sent messages have come, as vendors tell it: in any order, more than once, sometimes too early. */
@ApplicationScoped
public class StatusService {
    private final StatusRepository repository;
    private final Outbox outbox;

    StatusService(StatusRepository repository, Outbox outbox) {
        this.repository = repository;
        this.outbox = outbox;
    }

    /** Notes what a vendor tells of a message, in the transaction that stores its word. */
    public void note(Handle handle, TenantId tenant, UUID account, InboundEvent.Status status) {
        if (status.reference() != null) {
            repository.adopt(handle, tenant, account, status.reference(), status.providerMessageId());
        }
        repository
                .note(handle, tenant, account, status)
                .ifPresentOrElse(reached -> publish(handle, tenant, reached, status), () -> {
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

    private void publish(Handle handle, TenantId tenant, Reached reached, InboundEvent.Status status) {
        if (reached.delivery() == null) {
            return;
        }
        MessageEvent.Kind kind =
                switch (reached.delivery()) {
                    case "delivered" -> MessageEvent.Kind.DELIVERED;
                    case "read" -> MessageEvent.Kind.READ;
                    case "failed" -> MessageEvent.Kind.FAILED;
                    default -> null;
                };
        if (kind != null) {
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
        }
    }
}
