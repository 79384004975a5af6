package dev.parley.billing.reconciliation;

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
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Whether payment providers, books and policy agree, and what to do when they do not. */
@Path("/api/v1/admin/reconciliations")
@RunOnVirtualThread
public class ReconciliationResource {
    private final ReconciliationFlow flow;
    private final ReconciliationService reconciliations;
    private final CurrentCaller caller;

    ReconciliationResource(ReconciliationFlow flow, ReconciliationService reconciliations, CurrentCaller caller) {
        this.flow = flow;
        this.reconciliations = reconciliations;
        this.caller = caller;
    }

    /** Lists runs, newest first. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "List reconciliations")
    public Page<Reconciliation> list(
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @Nullable Integer limit) {
        return reconciliations.list(cursor, limit);
    }

    /** Begins a run over all tenants, or one; its state becomes done. */
    @POST
    @ResponseStatus(202)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Reconcile now")
    public Reconciliation start(@NotNull @Valid ReconciliationRequest request) {
        return flow.start(request.tenantId(), caller.get());
    }

    /** One run with what did not agree and the repair of each. */
    @GET
    @Path("/{id}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "The drift report of a reconciliation")
    public Reconciliation get(@PathParam("id") UUID id) {
        return reconciliations.get(id);
    }

    /** Repairs what still is as it was found, each once; 409 while the run has not ended. */
    @POST
    @Path("/{id}/repair")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Repair what a reconciliation found")
    public Reconciliation repair(@PathParam("id") UUID id, @NotNull @Valid RepairRequest request) {
        return flow.repair(id, request, caller.get());
    }
}
