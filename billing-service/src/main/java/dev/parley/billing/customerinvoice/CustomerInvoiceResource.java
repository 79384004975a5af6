package dev.parley.billing.customerinvoice;

import dev.parley.billing.negotiation.Accepts;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
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

/** The organisation's invoices to its own customers. */
@Path("/api/v1/customer-invoices")
@RunOnVirtualThread
public class CustomerInvoiceResource {
    private static final String PDF = "application/pdf";

    private final CustomerInvoiceService invoices;
    private final CurrentCaller caller;

    CustomerInvoiceResource(CustomerInvoiceService invoices, CurrentCaller caller) {
        this.invoices = invoices;
        this.caller = caller;
    }

    /** Lists invoices, newest first; {@code status} is draft, issued, paid or void. */
    @GET
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "List invoices to customers")
    public Page<CustomerInvoice> list(
            @QueryParam("status") @Nullable String status,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        return invoices.list(caller.get().tenant(), status, cursor, limit);
    }

    /** Drafts an invoice. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed({"admin", "scope:write"})
    @Operation(summary = "Draft an invoice to a customer")
    public CustomerInvoice draft(@NotNull @Valid CustomerInvoiceRequest request) {
        return invoices.draft(caller.get(), request);
    }

    /** One invoice, as JSON or, by {@code Accept}, as PDF; 409 for the PDF of a draft. */
    @GET
    @Path("/{id}")
    @Produces({MediaType.APPLICATION_JSON, PDF})
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "One invoice to a customer, also as PDF")
    @APIResponse(
            responseCode = "200",
            description = "The invoice",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = CustomerInvoice.class)),
                @Content(mediaType = PDF)
            })
    public Response get(@PathParam("id") UUID id, @Context HttpHeaders headers) {
        CustomerInvoice invoice = invoices.get(caller.get().tenant(), id);
        if (!Accepts.first(headers, PDF)) {
            return Response.ok(invoice, MediaType.APPLICATION_JSON_TYPE).build();
        }
        return Response.ok(invoices.pdf(invoice), PDF)
                .header("Content-Disposition", "attachment; filename=\"" + CustomerInvoiceMail.fileName(invoice) + "\"")
                .build();
    }

    /** Changes a draft; 409 once it is issued. */
    @PATCH
    @Path("/{id}")
    @RolesAllowed({"admin", "scope:write"})
    @Operation(summary = "Change a draft")
    public CustomerInvoice change(@PathParam("id") UUID id, @NotNull @Valid CustomerInvoiceChange change) {
        return invoices.change(caller.get(), id, change);
    }

    /** Deletes a draft, or voids an issued invoice, whose number stays; 409 once it is paid. */
    @DELETE
    @Path("/{id}")
    @RolesAllowed({"admin", "scope:write"})
    @Operation(summary = "Delete a draft, or void an invoice")
    public void remove(@PathParam("id") UUID id) {
        invoices.remove(caller.get(), id);
    }

    /** Issues a draft: it gets its number and stays as it is. 409 without a billing profile. */
    @POST
    @Path("/{id}/issue")
    @RolesAllowed({"admin", "scope:write"})
    @Operation(summary = "Issue an invoice")
    public CustomerInvoice issue(@PathParam("id") UUID id) {
        return invoices.issue(caller.get(), id);
    }

    /** Notes that an issued invoice was paid: reminders end. */
    @POST
    @Path("/{id}/payment")
    @RolesAllowed({"admin", "scope:write"})
    @Operation(summary = "Note a payment")
    public CustomerInvoice paid(@PathParam("id") UUID id, @Nullable @Valid PaymentRequest request) {
        return invoices.paid(caller.get(), id, request == null ? null : request.paidAt());
    }

    /** Sends an issued invoice by mail; 429 after five mails to an address in a day. */
    @POST
    @Path("/{id}/sending")
    @ResponseStatus(202)
    @RolesAllowed({"admin", "scope:write"})
    @Operation(summary = "Send an invoice to the customer")
    public void send(@PathParam("id") UUID id, @Nullable @Valid SendingRequest request) {
        invoices.send(caller.get(), id, request == null ? null : request.to());
    }
}
