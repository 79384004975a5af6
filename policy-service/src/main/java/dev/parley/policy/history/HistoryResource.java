package dev.parley.policy.history;

import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.policy.text.Storable;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** What was decided for one's own organisation, and why. */
@Path("/api/v1/policy/decisions")
@RunOnVirtualThread
public class HistoryResource {
    private final HistoryService history;
    private final CurrentCaller caller;

    HistoryResource(HistoryService history, CurrentCaller caller) {
        this.history = history;
        this.caller = caller;
    }

    /**
     * Lists decisions, newest first; from {@code from} to before {@code to}. A page may have less than the limit, or nothing,
     * and name a next one: each looks at a bounded part of the log.
     */
    @GET
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "Search the decision log")
    public Page<LoggedDecision> search(
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("allow") @Nullable String allow,
            @QueryParam("reason_code") @Nullable String reasonCode,
            @QueryParam("agent") @Nullable String agent,
            @QueryParam("channel") @Nullable String channel,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        Search search = new Search(
                time("from", from),
                time("to", to),
                truth("allow", allow),
                text("reason_code", reasonCode),
                text("agent", agent),
                text("channel", channel));
        return history.search(caller.get().tenant(), search, cursor, limit);
    }

    /** One decision, with the limits that it looked at and what to do about a denial. */
    @GET
    @Path("/{id}")
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "Get one decision with its limits")
    public LoggedDecision find(@PathParam("id") UUID id) {
        return history.find(caller.get().tenant(), id);
    }

    private static @Nullable Instant time(String name, @Nullable String value) {
        try {
            return value == null || value.isEmpty() ? null : Instant.parse(value);
        } catch (DateTimeParseException malformed) {
            throw wrong(name, "must be a time, for example 2026-11-01T00:00:00Z");
        }
    }

    private static @Nullable Boolean truth(String name, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, "must be true or false");
        };
    }

    private static @Nullable String text(String name, @Nullable String value) {
        if (!Storable.Check.isStorable(value)) {
            throw wrong(name, "must not contain U+0000");
        }
        return value;
    }

    private static Problem wrong(String name, String detail) {
        return new Problem(CommonProblem.VALIDATION_FAILED).with("errors", ProblemCompletion.error("/" + name, detail));
    }
}
