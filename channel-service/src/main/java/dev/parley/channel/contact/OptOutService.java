package dev.parley.channel.contact;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Notes who wants to be sent nothing more, in the transaction of the message that says so. */
@ApplicationScoped
public class OptOutService {
    private static final String TOLD_BY_VENDOR = "told by the messenger";

    private final ContactRepository repository;

    OptOutService(ContactRepository repository) {
        this.repository = repository;
    }

    /** Notes that a person opted out by that message; false when they had before. */
    public boolean optOut(Handle handle, TenantId tenant, UUID contact, UUID message, String word) {
        return repository.optOut(handle, tenant, contact, message, word);
    }

    /** Notes what a vendor tells who refuses a message: the person of that conversation opted out there. */
    public void optOutOf(Handle handle, TenantId tenant, UUID conversation, UUID message) {
        repository
                .contactOf(handle, tenant, conversation)
                .ifPresent(contact -> repository.optOut(handle, tenant, contact, message, TOLD_BY_VENDOR));
    }

    /** Notes that a person wants to be written to again. */
    public void optIn(Handle handle, TenantId tenant, UUID contact, String word) {
        repository.optIn(handle, tenant, contact, "message " + word);
    }
}
