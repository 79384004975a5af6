package dev.parley.channel.contact;

import dev.parley.platform.audit.IndividualRecords;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

/** A tenant's end customers. */
@Path("/api/v1/contacts")
@RunOnVirtualThread
public class ContactResource {
    private final ContactService contacts;
    private final CurrentCaller caller;

    ContactResource(ContactService contacts, CurrentCaller caller) {
        this.contacts = contacts;
        this.caller = caller;
    }

    /** Lists contacts, latest first. */
    @GET
    @RolesAllowed({"member", "scope:read", Caller.BREAK_GLASS})
    @IndividualRecords("contact")
    public Page<ContactResponse> list(@QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
        return contacts.list(caller.get().tenant(), cursor, limit);
    }
}
