package dev.parley.billing.approval;

import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of a change that staff asked for: made, or kept for a second admin. */
public record Outcome<T>(@Nullable T made, @Nullable Approval approval) {
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;

    /** The change as it was made. */
    public static <T> Outcome<T> made(T change) {
        return new Outcome<>(change, null);
    }

    /** A change that waits for a second admin, or did. */
    public static <T> Outcome<T> waiting(Approval approval) {
        return new Outcome<>(null, approval);
    }

    /** The answer of the API: 201 with what was made, or 202 with the approval that it needs. */
    public Response answer() {
        if (made != null) {
            return Response.status(CREATED).entity(made).build();
        }
        Approval waiting = Objects.requireNonNull(approval);
        return Response.status(ACCEPTED)
                .entity(Map.of("approval_id", waiting.id(), "status", waiting.status()))
                .build();
    }
}
