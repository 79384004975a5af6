package dev.parley.billing.reconciliation;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Hears policy's answers to questions that were asked when a balance did not agree. Events are handled in their order, so
 * an answer says that nothing from before it is on its way any more.
 */
@ApplicationScoped
public class EchoService {
    private final ReconciliationRepository repository;

    EchoService(ReconciliationRepository repository) {
        this.repository = repository;
    }

    /** Notes an answer, in the caller's transaction; false when it is none of ours. */
    public boolean heard(Handle handle, UUID id) {
        return repository.echoed(handle, id);
    }
}
