package dev.parley.channel.draft;

import dev.parley.channel.text.PlainText;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Replies that wait for a person; programs may read them, people alone decide. */
@Path("/api/v1/drafts")
@RunOnVirtualThread
public class DraftResource {
    private final DraftFlow flow;
    private final DraftService drafts;
    private final CurrentCaller caller;

    DraftResource(DraftFlow flow, DraftService drafts, CurrentCaller caller) {
        this.flow = flow;
        this.drafts = drafts;
        this.caller = caller;
    }

    /** Lists drafts. */
    @GET
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "List drafts; those that wait longest first, all others latest first")
    public Page<DraftResponse> list(
            @QueryParam("state") String state,
            @QueryParam("agent") String agent,
            @QueryParam("channel") String channel,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit") Integer limit) {
        DraftState named = DraftState.named(state).orElse(null);
        if (state != null && named == null) {
            throw new Problem(CommonProblem.BAD_REQUEST)
                    .detail("state is one of waiting, approved, rejected, superseded, expired and ended");
        }
        int size = Cursor.limit(limit);
        List<Draft> rows = drafts.list(
                caller.get().tenant(), named, plain(agent), plain(channel), Cursor.decodeId(cursor), size + 1);
        return Page.of(rows, size, draft -> draft.id().toString()).map(DraftResponse::of);
    }

    /** Shows one draft. */
    @GET
    @Path("/{id}")
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "Show a draft")
    public DraftResponse get(@PathParam("id") UUID id) {
        return DraftResponse.of(drafts.get(caller.get().tenant(), id));
    }

    /** Changes what will be sent. */
    @PATCH
    @Path("/{id}")
    @RolesAllowed("member")
    @Operation(summary = "Change what will be sent; what the agent wrote is kept beside it")
    public DraftResponse edit(@PathParam("id") UUID id, @NotNull @Valid EditDraftRequest request) {
        return DraftResponse.of(drafts.edit(caller.get(), id, PlainText.storable(request.text())));
    }

    /** Sends a draft. */
    @POST
    @Path("/{id}/approve")
    @RolesAllowed("member")
    @Operation(summary = "Approve a draft, which sends it once")
    public DraftResponse approve(@PathParam("id") UUID id, @Valid ApprovalRequest request) {
        return DraftResponse.of(flow.approve(caller.get(), id, request == null ? null : request.version()));
    }

    /** Says that a draft is not sent. */
    @POST
    @Path("/{id}/reject")
    @RolesAllowed("member")
    @Operation(summary = "Reject a draft")
    public DraftResponse reject(@PathParam("id") UUID id, @Valid RejectionRequest request) {
        return DraftResponse.of(drafts.reject(caller.get(), id, request == null ? null : plainText(request.reason())));
    }

    /** Decides many drafts alike. */
    @POST
    @Path("/decisions")
    @RolesAllowed("member")
    @Operation(summary = "Approve or reject many drafts, each for itself")
    public Page<Decided> decide(@NotNull @Valid DecisionsRequest request) {
        return new Page<>(
                flow.decide(
                        caller.get(),
                        new DecisionsRequest(request.ids(), request.decision(), plainText(request.reason()))),
                null);
    }

    private static @Nullable String plain(@Nullable String name) {
        return name == null ? null : name.replace("\0", "");
    }

    private static @Nullable String plainText(@Nullable String text) {
        return text == null ? null : PlainText.storable(text);
    }
}
