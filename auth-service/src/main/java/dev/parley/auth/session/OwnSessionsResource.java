package dev.parley.auth.session;

import dev.parley.platform.security.CurrentCaller;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Where the calling person is logged in. */
@Path("/api/v1/sessions")
@RunOnVirtualThread
@Tag(name = "Identity")
public class OwnSessionsResource {
    private final OwnSessionsFlow sessions;
    private final CurrentSession current;
    private final CurrentCaller caller;

    OwnSessionsResource(OwnSessionsFlow sessions, CurrentSession current, CurrentCaller caller) {
        this.sessions = sessions;
        this.current = current;
        this.caller = caller;
    }

    /** Lists the caller's sessions, the one used last first. */
    @GET
    @Authenticated
    @Operation(summary = "List one's sessions")
    public SessionsResponse list(@Context HttpHeaders headers) {
        return sessions.list(caller.get(), current.id(headers));
    }

    /** Ends one of the caller's sessions: its tokens are refused within two seconds. */
    @DELETE
    @Path("/{id}")
    @Authenticated
    @Operation(summary = "End one of one's sessions")
    public void end(@PathParam("id") String id) {
        sessions.end(caller.get(), id);
    }

    /** Ends every session of the caller, this one too. */
    @DELETE
    @Authenticated
    @Operation(summary = "Log out everywhere")
    public void endAll() {
        sessions.endAll(caller.get());
    }
}
