package dev.parley.channel.contact;

import dev.parley.channel.contact.ContactEvent.Kind;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Notes who wants to be sent nothing more, in the transaction of the message that says so. */
@ApplicationScoped
public class OptOutService {
    private static final String TOLD_BY_VENDOR = "told by the messenger";

    private final ContactRepository repository;
    private final Outbox outbox;
    private final Clock clock;

    OptOutService(ContactRepository repository, Outbox outbox, Clock clock) {
        this.repository = repository;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Notes that a person opted out by that message of a conversation; false when they had before. */
    public boolean optOut(
            Handle handle, TenantId tenant, UUID contact, UUID conversation, UUID message, String word) {
        boolean first = repository.optOut(handle, tenant, contact, message, word);
        if (first) {
            tell(handle, tenant, Kind.OPTED_OUT, contact, conversation);
        }
        return first;
    }

    /** Notes what a vendor tells who refuses a message: the person of that conversation opted out there. */
    public void optOutOf(Handle handle, TenantId tenant, UUID conversation, UUID message) {
        repository
                .contactOf(handle, tenant, conversation)
                .ifPresent(contact -> optOut(handle, tenant, contact, conversation, message, TOLD_BY_VENDOR));
    }

    /** Notes that a person wants to be written to again. */
    public void optIn(Handle handle, TenantId tenant, UUID contact, UUID conversation, String word) {
        repository.optIn(handle, tenant, contact, "message " + word);
        tell(handle, tenant, Kind.OPTED_IN, contact, conversation);
    }

    /** Tells of a wish, in the transaction that notes it. */
    void tell(Handle handle, TenantId tenant, Kind kind, UUID contact, @Nullable UUID conversation) {
        outbox.append(handle, tenant, new ContactEvent(kind, contact, conversation, clock.instant()));
    }
}
