package dev.parley.channel.handoff;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Taking conversations over from the bot, and giving them back. */
@Path("/api/v1/conversations")
@RunOnVirtualThread
public class HandoffResource {
    private final HandoffService handoffs;
    private final CurrentCaller caller;

    HandoffResource(HandoffService handoffs, CurrentCaller caller) {
        this.handoffs = handoffs;
        this.caller = caller;
    }

    /** Gives the conversation to the caller; nothing that the bot has not begun to send is sent. */
    @POST
    @Path("/{id}/takeover")
    @RolesAllowed({"member", "scope:write"})
    @Operation(summary = "Take a conversation over from the bot")
    public Ownership takeOver(@PathParam("id") UUID conversation) {
        return handoffs.takeOver(caller.get(), conversation);
    }

    /** Gives the conversation back to the bot, who answers what comes from then on. */
    @POST
    @Path("/{id}/handback")
    @RolesAllowed({"member", "scope:write"})
    @Operation(summary = "Give a conversation back to the bot")
    public Ownership handBack(@PathParam("id") UUID conversation) {
        return handoffs.handBack(caller.get(), conversation);
    }
}
