package dev.parley.channel.contact;

import dev.parley.platform.audit.IndividualRecords;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** A tenant's end customers. */
@Path("/api/v1/contacts")
@RunOnVirtualThread
public class ContactResource {
    private final ContactService contacts;
    private final Regions regions;
    private final CurrentCaller caller;

    ContactResource(ContactService contacts, Regions regions, CurrentCaller caller) {
        this.contacts = contacts;
        this.regions = regions;
        this.caller = caller;
    }

    /** Lists contacts, latest first; those with a phone number when one is named. */
    @GET
    @RolesAllowed({"member", "scope:read", Caller.BREAK_GLASS})
    @IndividualRecords("contact")
    @Operation(summary = "List contacts")
    public Page<ContactResponse> list(
            @QueryParam("phone") String phone,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit") Integer limit) {
        return contacts.list(caller.get().tenant(), phone, cursor, limit);
    }

    /** Tells what the tenant set of its contacts. */
    @GET
    @Path("/settings")
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "What the organisation set of its contacts")
    public ContactSettingsResponse settings() {
        return regions.settings(caller.get().tenant());
    }

    /** Sets the region of phone numbers that are written without their country. */
    @PUT
    @Path("/settings")
    @RolesAllowed("admin")
    @Operation(summary = "Set the region of phone numbers that are written without their country")
    public ContactSettingsResponse change(@NotNull @Valid ContactSettingsRequest request) {
        return regions.change(caller.get(), request.defaultRegion());
    }

    /** Gives one contact; one that was merged answers as the contact that it was merged into. */
    @GET
    @Path("/{id}")
    @RolesAllowed({"member", "scope:read", Caller.BREAK_GLASS})
    @IndividualRecords("contact")
    @Operation(summary = "One contact")
    public ContactResponse get(@PathParam("id") UUID id) {
        return contacts.get(caller.get().tenant(), id);
    }

    /** Adds a contact who has not written yet. */
    @POST
    @RolesAllowed({"member", "scope:write"})
    @Operation(summary = "Add a contact")
    public Response add(@NotNull @Valid ContactRequest request) {
        return Response.status(Response.Status.CREATED)
                .entity(contacts.add(caller.get(), request))
                .build();
    }

    /** Changes what is known of a contact. */
    @PATCH
    @Path("/{id}")
    @RolesAllowed({"member", "scope:write"})
    @Operation(summary = "Change a contact")
    public ContactResponse change(@PathParam("id") UUID id, @NotNull @Valid ContactRequest request) {
        return contacts.change(caller.get(), id, request);
    }

    /** Joins two records of one person: identities and conversations go to the other contact. */
    @POST
    @Path("/{id}/merge")
    @RolesAllowed({"member", "scope:write"})
    @Operation(summary = "Merge a contact into another")
    public ContactResponse merge(@PathParam("id") UUID id, @NotNull @Valid ContactRequest.Merge request) {
        return contacts.merge(caller.get(), id, request.into());
    }
}
