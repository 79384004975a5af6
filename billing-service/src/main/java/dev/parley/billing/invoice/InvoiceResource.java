package dev.parley.billing.invoice;

import dev.parley.billing.negotiation.Accepts;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** The tenant's own invoices. */
@Path("/api/v1/invoices")
@RunOnVirtualThread
public class InvoiceResource {
    private static final String PDF = "application/pdf";

    private final InvoiceService invoices;
    private final CurrentCaller caller;

    InvoiceResource(InvoiceService invoices, CurrentCaller caller) {
        this.invoices = invoices;
        this.caller = caller;
    }

    /** Lists invoices and credit notes, newest first. */
    @GET
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "List invoices")
    public Page<Invoice> list(
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @Nullable Integer limit) {
        return invoices.list(caller.get().tenant(), cursor, limit);
    }

    /**
     * One invoice, as JSON or, by {@code Accept}, as PDF; 404 for an unknown one and for another tenant's, 409 for the PDF
     * of one that is not issued.
     */
    @GET
    @Path("/{id}")
    @Produces({MediaType.APPLICATION_JSON, PDF})
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "One invoice, also as PDF")
    @APIResponse(
            responseCode = "200",
            description = "The invoice",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = InvoiceDetail.class)),
                @Content(mediaType = PDF)
            })
    public Response get(@PathParam("id") UUID id, @Context HttpHeaders headers) {
        InvoiceDetail invoice = invoices.get(caller.get().tenant(), id);
        if (!Accepts.first(headers, PDF)) {
            return Response.ok(invoice, MediaType.APPLICATION_JSON_TYPE).build();
        }
        return Response.ok(invoices.pdf(invoice), PDF)
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"" + InvoiceMail.fileName(invoice.invoice()) + "\"")
                .build();
    }

    /** Sends the PDF by mail. 409 for one that is not issued, 429 after five mails to an address in a day. */
    @POST
    @Path("/{id}/sending")
    @ResponseStatus(202)
    @RolesAllowed("admin")
    @Operation(summary = "Send an invoice by mail")
    public void send(@PathParam("id") UUID id, @Nullable @Valid InvoiceSendingRequest request) {
        invoices.send(caller.get(), id, request == null ? null : request.to());
    }
}
