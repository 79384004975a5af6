package dev.parley.billing.invoice;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tenant's own invoices. */
@Path("/api/v1/invoices")
@RunOnVirtualThread
public class InvoiceResource {
    private final InvoiceService invoices;
    private final CurrentCaller caller;

    InvoiceResource(InvoiceService invoices, CurrentCaller caller) {
        this.invoices = invoices;
        this.caller = caller;
    }

    /** Lists invoices, newest first. */
    @GET
    @RolesAllowed({"member", "scope:read"})
    public Page<Invoice> list(
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @Nullable Integer limit) {
        return invoices.list(caller.get().tenant(), cursor, limit);
    }

    /** One invoice; 404 for an unknown one and for another tenant's. */
    @GET
    @Path("/{id}")
    @RolesAllowed({"member", "scope:read"})
    public Invoice get(@PathParam("id") UUID id) {
        return invoices.get(caller.get().tenant(), id);
    }
}
