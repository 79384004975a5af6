package dev.parley.agent.configuration;

import java.time.Instant;

/** What a tenant set of an agent, when and by whom; the latter two are null when it set nothing. */
public record StoredConfiguration(Configuration content, Instant updatedAt, String updatedBy) {
    static final StoredConfiguration NONE = new StoredConfiguration(Configuration.NONE, null, null);
}
