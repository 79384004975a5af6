package dev.parley.billing.webhook;

import dev.parley.billing.payment.PaymentProviders;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** What payment providers reported, for operators. */
@Path("/api/v1/admin/provider-events")
@RunOnVirtualThread
public class ProviderEventResource {
    private final ProviderEventService events;
    private final PaymentProviders providers;
    private final WebhookWorker worker;
    private final CurrentCaller caller;

    ProviderEventResource(
            ProviderEventService events, PaymentProviders providers, WebhookWorker worker, CurrentCaller caller) {
        this.events = events;
        this.providers = providers;
        this.worker = worker;
        this.caller = caller;
    }

    /** Lists events, newest first, of one provider or state if wanted. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Page<ProviderEventView> list(
            @QueryParam("provider") @Nullable String provider,
            @QueryParam("state") @Nullable String state,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        return events.list(provider, state, cursor, limit);
    }

    /** Looks at events again, those of a time or those named: what the provider says now is applied. Harmless to repeat. */
    @POST
    @Path("/replay")
    @ResponseStatus(202)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public ReplayResponse replay(@NotNull @Valid ReplayRequest request) {
        providers.named(request.provider());
        ReplayResponse replayed = events.replay(request, caller.get());
        worker.kick();
        return replayed;
    }
}
