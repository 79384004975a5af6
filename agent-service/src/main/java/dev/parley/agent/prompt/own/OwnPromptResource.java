package dev.parley.agent.prompt.own;

import dev.parley.agent.configuration.Configuration;
import dev.parley.agent.prompt.PromptDiff;
import dev.parley.agent.prompt.PromptVersion;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;

/** A tenant configures its agents here, and writes prompt versions of its own where its plan allows that. */
@Path("/api/v1/agents/{slug}")
@RunOnVirtualThread
public class OwnPromptResource {
    private final OwnPromptFlow prompts;
    private final CurrentCaller caller;

    OwnPromptResource(OwnPromptFlow prompts, CurrentCaller caller) {
        this.prompts = prompts;
        this.caller = caller;
    }

    /** What the tenant set of the agent. */
    @GET
    @Path("configuration")
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "Shows what the tenant set of an agent")
    public ConfigurationView configuration(String slug) {
        return prompts.configuration(caller.get().tenant(), slug);
    }

    /** Replaces all that the tenant set of the agent. */
    @PUT
    @Path("configuration")
    @RolesAllowed("admin")
    @Operation(summary = "Sets persona, goals, industry, keywords, variables, tools, schedule and filters of an agent")
    public ConfigurationView configure(String slug, @Valid @NotNull Configuration content) {
        return prompts.configure(caller.get(), slug, content);
    }

    /** The tenant's own versions, newest first. */
    @GET
    @Path("prompt-versions")
    @RolesAllowed("admin")
    @Operation(summary = "Lists the tenant's own prompt versions of an agent")
    public Page<PromptVersion> list(
            String slug, @QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
        return prompts.list(caller.get().tenant(), slug, cursor, limit);
    }

    /** Adds a draft. */
    @POST
    @Path("prompt-versions")
    @ResponseStatus(201)
    @RolesAllowed("admin")
    @Operation(summary = "Adds a draft of the tenant's own; needs the feature custom_prompts")
    public PromptVersion draft(String slug, @Valid @NotNull OwnPromptRequest content) {
        return prompts.draft(caller.get(), slug, content);
    }

    /** One of them. */
    @GET
    @Path("prompt-versions/{number: \\d{1,9}}")
    @RolesAllowed("admin")
    @Operation(summary = "Shows one of the tenant's own prompt versions")
    public PromptVersion get(String slug, int number) {
        return prompts.get(caller.get().tenant(), slug, number);
    }

    /** Replaces the content of a draft. */
    @PUT
    @Path("prompt-versions/{number: \\d{1,9}}")
    @RolesAllowed("admin")
    @Operation(summary = "Replaces the content of a draft; needs the feature custom_prompts")
    public PromptVersion revise(String slug, int number, @Valid @NotNull OwnPromptRequest content) {
        return prompts.revise(caller.get(), slug, number, content);
    }

    /** Makes a version answer for the tenant instead of the platform's. */
    @POST
    @Path("prompt-versions/{number: \\d{1,9}}/activation")
    @RolesAllowed("admin")
    @Operation(summary = "Lets a version answer instead of the platform's; needs the feature custom_prompts")
    public PromptVersion activate(String slug, int number) {
        return prompts.activate(caller.get(), slug, number);
    }

    /** Takes back the last activation. */
    @POST
    @Path("rollback")
    @RolesAllowed("admin")
    @Operation(summary = "Takes back the last activation of the tenant's own versions")
    public PromptVersion rollback(String slug) {
        return prompts.rollback(caller.get(), slug);
    }

    /** Lets the platform's version answer again. */
    @DELETE
    @Path("prompt-versions/activation")
    @RolesAllowed("admin")
    @Operation(summary = "Lets the platform's version answer again")
    public void retire(String slug) {
        prompts.retire(caller.get(), slug);
    }

    /** What changed between two versions; if they are not named, to the newest one from the one before it. */
    @GET
    @Path("prompt-versions/diff")
    @RolesAllowed("admin")
    @Operation(summary = "Compares two of the tenant's own prompt versions")
    public PromptDiff diff(
            String slug, @QueryParam("from") @Positive Integer from, @QueryParam("to") @Positive Integer to) {
        return prompts.diff(caller.get().tenant(), slug, from, to);
    }
}
