package dev.parley.agent.prompt;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Platform admins write and release prompt versions here. */
@Path("/api/v1/admin/agents/{id}")
@RunOnVirtualThread
public class PromptVersionAdminResource {
    private final PromptService prompts;
    private final ReleaseService releases;
    private final CurrentCaller caller;

    PromptVersionAdminResource(PromptService prompts, ReleaseService releases, CurrentCaller caller) {
        this.prompts = prompts;
        this.releases = releases;
        this.caller = caller;
    }

    /** Lists the versions of an agent, newest first. */
    @GET
    @Path("prompt-versions")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Page<PromptVersion> list(UUID id, @QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
        return prompts.list(TenantId.PLATFORM, id, cursor, limit);
    }

    /** Adds a draft. */
    @POST
    @Path("prompt-versions")
    @ResponseStatus(201)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public PromptVersion draft(UUID id, @Valid @NotNull PromptVersionRequest content) {
        return prompts.draft(caller.get(), TenantId.PLATFORM, id, content);
    }

    /** One version. */
    @GET
    @Path("prompt-versions/{number: \\d{1,9}}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public PromptVersion get(UUID id, int number) {
        return prompts.get(TenantId.PLATFORM, id, number);
    }

    /** Replaces the content of a draft. */
    @PUT
    @Path("prompt-versions/{number: \\d{1,9}}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public PromptVersion revise(UUID id, int number, @Valid @NotNull PromptVersionRequest content) {
        return prompts.revise(caller.get(), TenantId.PLATFORM, id, number, content);
    }

    /** Makes a version the active one. */
    @POST
    @Path("prompt-versions/{number: \\d{1,9}}/activation")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public PromptVersion activate(UUID id, int number) {
        return releases.activate(caller.get(), TenantId.PLATFORM, id, number);
    }

    /** Takes back the last activation. */
    @POST
    @Path("rollback")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public PromptVersion rollback(UUID id) {
        return releases.rollback(caller.get(), TenantId.PLATFORM, id);
    }

    /** What changed between two versions. */
    @GET
    @Path("prompt-versions/diff")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public PromptDiff diff(UUID id, @QueryParam("from") @NotNull Integer from, @QueryParam("to") @NotNull Integer to) {
        return prompts.diff(TenantId.PLATFORM, id, from, to);
    }

    /** As {@link #diff}, for those who leave out the list's name. */
    @GET
    @Path("diff")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public PromptDiff shortDiff(
            UUID id, @QueryParam("from") @NotNull Integer from, @QueryParam("to") @NotNull Integer to) {
        return prompts.diff(TenantId.PLATFORM, id, from, to);
    }
}
