package dev.parley.channel.draft;

import dev.parley.channel.delivery.DeliveryFlow;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decides drafts, and starts the delivery of what was let out. */
@ApplicationScoped
class DraftFlow {
    private final DraftService drafts;
    private final DeliveryFlow deliveries;

    DraftFlow(DraftService drafts, DeliveryFlow deliveries) {
        this.drafts = drafts;
        this.deliveries = deliveries;
    }

    /** Lets a draft out and starts sending it. */
    Draft approve(Caller caller, UUID id, @Nullable Integer version) {
        Draft draft = drafts.approve(caller, id, version);
        deliveries.deliver(caller.tenant(), draft.conversation());
        return draft;
    }

    /** Decides many drafts alike, each for itself: what cannot be decided so does not keep back the others. */
    List<Decided> decide(Caller caller, DecisionsRequest request) {
        return new LinkedHashSet<>(request.ids())
                .stream().map(id -> decide(caller, id, request)).toList();
    }

    private Decided decide(Caller caller, UUID id, DecisionsRequest request) {
        try {
            Draft draft = request.approves() ? approve(caller, id, null) : drafts.reject(caller, id, request.reason());
            return new Decided(id, draft.state(), null, null);
        } catch (Problem problem) {
            return new Decided(id, null, problem.type().name(), problem.type().title());
        }
    }
}
