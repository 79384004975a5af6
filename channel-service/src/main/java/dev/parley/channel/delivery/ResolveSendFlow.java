package dev.parley.channel.delivery;

import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Ends the doubt about an ambiguous send as a person says, and sends again if that is what they say. */
@ApplicationScoped
class ResolveSendFlow {
    private final ResolutionService resolutions;
    private final DeliveryFlow deliveries;

    ResolveSendFlow(ResolutionService resolutions, DeliveryFlow deliveries) {
        this.resolutions = resolutions;
        this.deliveries = deliveries;
    }

    /** Notes what a person found out; 409 when the send is not ambiguous. */
    void resolve(Caller caller, UUID operation, int part, String as) {
        deliveries.deliver(caller.tenant(), resolutions.resolve(caller, operation, part, as));
    }
}
