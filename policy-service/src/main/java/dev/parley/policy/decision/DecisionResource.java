package dev.parley.policy.decision;

import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.virtual.threads.VirtualThreads;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import java.util.concurrent.ExecutorService;

/** Decisions for other services. */
@Path("/internal")
public class DecisionResource {
    private final DecisionService decisions;
    private final CurrentCaller caller;
    private final ExecutorService threads;

    DecisionResource(DecisionService decisions, CurrentCaller caller, @VirtualThreads ExecutorService threads) {
        this.decisions = decisions;
        this.caller = caller;
        this.threads = threads;
    }

    /**
     * Decides about an operation and reserves what it may cost; a refusal is an answer with {@code allow: false}. What is
     * decided from memory is answered by the thread that read the request, because another one would cost more than the
     * decision.
     */
    @POST
    @Path("/decisions")
    @NonBlocking
    @RolesAllowed("service")
    public Uni<DecisionResponse> decide(@NotNull @Valid DecisionRequest request) {
        TenantId tenant = caller.get().tenant();
        return decisions.fromMemory(tenant, request).map(Uni.createFrom()::item).orElseGet(() -> Uni.createFrom()
                .item(() -> decisions.fromDatabase(tenant, request))
                .runSubscriptionOn(threads));
    }

    /** Says which agents the tenant may use. */
    @POST
    @RunOnVirtualThread
    @Path("/decisions/agents")
    @RolesAllowed("service")
    public AgentsResponse agents(@NotNull @Valid AgentsRequest request) {
        return decisions.agents(caller.get().tenant(), request);
    }

    /** What this service did for an operation; no steps when it did nothing. */
    @GET
    @RunOnVirtualThread
    @Path("/operations/{operationId}")
    @RolesAllowed("service")
    public OperationResponse operation(@PathParam("operationId") UUID operationId) {
        return decisions.operation(caller.get().tenant(), operationId);
    }
}
