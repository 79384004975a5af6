package dev.parley.channel.operation;

import dev.parley.platform.audit.IndividualRecords;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;

/** Traces of operations. */
@Path("/")
@RunOnVirtualThread
public class OperationResource {
    private final TraceOperationFlow flow;
    private final OperationService operations;
    private final CurrentCaller caller;

    OperationResource(TraceOperationFlow flow, OperationService operations, CurrentCaller caller) {
        this.flow = flow;
        this.operations = operations;
        this.caller = caller;
    }

    /** The whole trace, from the message to the ledger. */
    @GET
    @Path("api/v1/operations/{id}")
    @RolesAllowed({"member", "scope:read", Caller.BREAK_GLASS})
    @IndividualRecords("operation")
    public OperationTrace trace(@PathParam("id") UUID operation) {
        return flow.trace(caller.get().tenant(), operation);
    }

    /** What this service did, for other services. */
    @GET
    @Path("internal/operations/{id}")
    @RolesAllowed("service")
    public OperationSteps steps(@PathParam("id") UUID operation) {
        return new OperationSteps(operations.steps(caller.get().tenant(), operation));
    }
}
