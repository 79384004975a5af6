package dev.parley.billing.ledger;

import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;

/** What this service did for an operation, for the trace that channel-service joins. */
@Path("/internal/operations")
@RunOnVirtualThread
public class OperationResource {
    private final LedgerService ledger;
    private final CurrentCaller caller;

    OperationResource(LedgerService ledger, CurrentCaller caller) {
        this.ledger = ledger;
        this.caller = caller;
    }

    /** The steps of one operation of the caller's tenant; none when it is not known here. */
    @GET
    @Path("/{operationId}")
    @RolesAllowed(Caller.SERVICE)
    public OperationSteps steps(@PathParam("operationId") UUID operationId) {
        return ledger.steps(caller.get().tenant(), operationId);
    }
}
