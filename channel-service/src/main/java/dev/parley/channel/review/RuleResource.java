package dev.parley.channel.review;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Which agents' replies people see before they are sent. */
@Path("/api/v1/review-rules")
@RunOnVirtualThread
public class RuleResource {
    private final RuleFlow flow;
    private final RuleService rules;
    private final CurrentCaller caller;

    RuleResource(RuleFlow flow, RuleService rules, CurrentCaller caller) {
        this.flow = flow;
        this.rules = rules;
        this.caller = caller;
    }

    /** Lists rules with what the latest drafts say. */
    @GET
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "List the rules of review, with how many drafts were approved unchanged")
    public Page<RuleResponse> list() {
        return new Page<>(rules.list(caller.get().tenant()), null);
    }

    /** Puts an agent under review, or on autopilot when it has earned that. */
    @PUT
    @Path("/{agent}/{channel}")
    @RolesAllowed("admin")
    @Operation(summary = "Put an agent's replies on a messenger under review, or on autopilot when that is earned")
    public RuleResponse change(
            @PathParam("agent") String agent,
            @PathParam("channel") String channel,
            @NotNull @Valid ChangeRuleRequest request) {
        return flow.change(caller.get(), agent, channel, request);
    }

    /** Ends review. */
    @DELETE
    @Path("/{agent}/{channel}")
    @RolesAllowed("owner")
    @Operation(summary = "End review: replies go out at once, earned or not; for owners")
    public void remove(@PathParam("agent") String agent, @PathParam("channel") String channel) {
        rules.remove(caller.get(), agent.replace("\0", ""), channel.replace("\0", ""));
    }
}
