package dev.parley.agent.catalogue;

import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import java.util.UUID;

/** Platform staff see here which agents a tenant may use; each look is audited. */
@Path("/api/v1/admin/tenants/{id}/agents")
@RunOnVirtualThread
public class TenantAgentAdminResource {
    private final OfferFlow offers;
    private final CurrentCaller caller;

    TenantAgentAdminResource(OfferFlow offers, CurrentCaller caller) {
        this.offers = offers;
        this.caller = caller;
    }

    /** Lists the agents with what policy says of that tenant; the header must say why one looks. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Page<OfferedAgent> list(
            UUID id,
            @HeaderParam(AccessReason.REASON_HEADER) String reason,
            @HeaderParam(AccessReason.TICKET_HEADER) String ticket) {
        return offers.inspect(caller.get(), new TenantId(id), AccessReason.of(reason, ticket));
    }
}
