package dev.parley.auth.session;

import java.time.Instant;
import java.util.List;

/** The sessions of the caller. */
public record SessionsResponse(List<SessionItem> items) {
    /**
     * One session.
     *
     * @param device such as {@code Firefox on Linux}
     * @param current whether it is the one that asks
     */
    public record SessionItem(
            String id, String device, String address, Instant startedAt, Instant lastUsedAt, boolean current) {}
}
