package dev.parley.channel.search;

import dev.parley.platform.audit.IndividualRecords;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Searching what was said in all conversations of a tenant. */
@Path("/api/v1/messages")
@RunOnVirtualThread
public class SearchResource {
    private final SearchService search;
    private final CurrentCaller caller;

    SearchResource(SearchService search, CurrentCaller caller) {
        this.search = search;
        this.caller = caller;
    }

    /** Finds messages with all words of a query, newest first; quotes keep words together, a minus keeps one out. */
    @GET
    @RolesAllowed({"member", "scope:read", Caller.BREAK_GLASS})
    @IndividualRecords("message")
    @Operation(summary = "Search messages")
    public Page<FoundMessage> search(
            @QueryParam("query") @NotBlank @Size(max = 200) String query,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit") Integer limit) {
        return search.search(caller.get().tenant(), query, time("from", from), time("to", to), cursor, limit);
    }

    private static @Nullable Instant time(String name, @Nullable String value) {
        try {
            return value == null || value.isBlank() ? null : Instant.parse(value);
        } catch (DateTimeParseException malformed) {
            throw new Problem(CommonProblem.BAD_REQUEST, malformed)
                    .detail(name + " must be a time such as 2026-11-20T10:00:00Z");
        }
    }
}
