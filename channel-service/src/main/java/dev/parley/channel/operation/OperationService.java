package dev.parley.channel.operation;

import dev.parley.channel.delivery.DeliveryService;
import dev.parley.channel.draft.DraftService;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Tells what this service did for an operation. */
@ApplicationScoped
class OperationService {
    static final String SERVICE = "channel-service";

    private final Database database;
    private final OperationRepository repository;
    private final DeliveryService deliveries;
    private final DraftService drafts;

    OperationService(
            Database database, OperationRepository repository, DeliveryService deliveries, DraftService drafts) {
        this.database = database;
        this.repository = repository;
        this.deliveries = deliveries;
        this.drafts = drafts;
    }

    /** The steps of this service; none when it never heard of the operation. */
    List<OperationStep> steps(TenantId tenant, UUID operation) {
        return database.inTenant(tenant, handle -> {
            List<OperationStep> steps = new ArrayList<>(repository.steps(handle, tenant, operation));
            drafts.steps(handle, tenant, operation)
                    .forEach(step -> steps.add(new OperationStep(step.at(), SERVICE, step.name(), step.detail())));
            deliveries
                    .sends(handle, tenant, operation)
                    .forEach(send ->
                            steps.add(new OperationStep(send.at(), SERVICE, "send-" + send.state(), send.detail())));
            return steps;
        });
    }
}
