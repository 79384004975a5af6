package dev.parley.billing.webhook;

import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows the inbox to operators and lets events be worked on again. An event only says which object to fetch, so a replay
 * can do no harm, however often: what the provider says now is applied.
 */
@ApplicationScoped
class ProviderEventService {
    private static final Set<String> STATES = Set.of("received", "applied", "ignored", "failed");

    private final Database database;
    private final ProviderEventRepository events;
    private final Audit audit;
    private final Clock clock;

    ProviderEventService(Database database, ProviderEventRepository events, Audit audit, Clock clock) {
        this.database = database;
        this.events = events;
        this.audit = audit;
        this.clock = clock;
    }

    /** Newest first; a 422 problem for an unknown state. */
    Page<ProviderEventView> list(
            @Nullable String provider, @Nullable String state, @Nullable String cursor, @Nullable Integer limit) {
        if (state != null && !STATES.contains(state)) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/state", "must be received, applied, ignored or failed"));
        }
        int size = Cursor.limit(limit);
        String position = Cursor.decode(cursor);
        Instant beforeTime = null;
        String beforeId = null;
        if (position != null) {
            try {
                String[] parts = position.split(" ", 2);
                beforeTime = Instant.parse(parts[0]);
                beforeId = parts[1];
            } catch (DateTimeException | ArrayIndexOutOfBoundsException malformed) {
                throw new Problem(CommonProblem.BAD_REQUEST).detail("the cursor is not valid");
            }
        }
        ProviderEventRepository.Filter filter =
                new ProviderEventRepository.Filter(provider, state, beforeTime, beforeId);
        return Page.of(
                database.global(handle -> events.list(handle, filter, size + 1)), size, ProviderEventView::position);
    }

    /** Puts events back into the inbox; a 422 problem unless times or events are named. */
    ReplayResponse replay(ReplayRequest request, Caller admin) {
        if ((request.from() == null) == (request.eventIds() == null)) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/from", "either from or event_ids must be given"));
        }
        // The trail first: a replay that nobody is to know of does not happen.
        database.useTenant(
                TenantId.PLATFORM,
                handle -> audit.record(
                        handle,
                        admin,
                        TenantId.PLATFORM,
                        new AuditEntry(
                                "provider-event.replay",
                                "provider-event",
                                request.provider(),
                                null,
                                request,
                                request.reason())));
        return new ReplayResponse(database.acrossTenants(relay -> request.eventIds() != null
                ? events.replay(relay, request.provider(), request.eventIds())
                : events.replay(
                        relay,
                        request.provider(),
                        Objects.requireNonNull(request.from()),
                        request.to() == null ? clock.instant() : request.to())));
    }
}
