package dev.parley.channel.contact;

import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Notes and tells who wants to be sent nothing more, in the transaction of the message that says so. */
@ApplicationScoped
public class OptOutService {
    private static final String TOLD_BY_VENDOR = "told by the messenger";
    private static final String CUSTOMER = "customer";
    private static final String MESSENGER = "messenger";
    private static final String STAFF = "staff";

    private final ContactRepository repository;
    private final Outbox outbox;
    private final Clock clock;

    OptOutService(ContactRepository repository, Outbox outbox, Clock clock) {
        this.repository = repository;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Notes that a person opted out by that message; false when they had before. */
    public boolean optOut(Handle handle, TenantId tenant, UUID contact, UUID message, String word) {
        boolean first = repository.optOut(handle, tenant, contact, message, word);
        if (first) {
            tell(handle, tenant, true, contact, CUSTOMER, message);
        }
        return first;
    }

    /** Notes what a vendor tells who refuses a message: the person of that conversation opted out there. */
    public void optOutOf(Handle handle, TenantId tenant, UUID conversation, UUID message) {
        repository
                .contactOf(handle, tenant, conversation)
                .filter(contact -> repository.optOut(handle, tenant, contact, message, TOLD_BY_VENDOR))
                .ifPresent(contact -> tell(handle, tenant, true, contact, MESSENGER, message));
    }

    /** Notes that a person wants to be written to again. */
    public void optIn(Handle handle, TenantId tenant, UUID contact, String word) {
        repository.optIn(handle, tenant, contact, "message " + word);
        tell(handle, tenant, false, contact, CUSTOMER, null);
    }

    /** Tells what staff changed of a contact's wish, if they did. */
    void changed(Handle handle, TenantId tenant, ContactResponse before, ContactResponse after) {
        if (before.optedOut() != after.optedOut()) {
            tell(handle, tenant, after.optedOut(), after.id(), STAFF, null);
        }
    }

    private void tell(Handle handle, TenantId tenant, boolean out, UUID contact, String by, @Nullable UUID message) {
        outbox.append(handle, tenant, new ConsentEvent(out, contact, by, message, clock.instant()));
    }
}
