package dev.parley.auth.session;

import dev.parley.platform.event.DomainEvent;

/** A person logged out, or a refresh token was used twice: what the session proved before counts no more. */
public record SessionEnded(String sessionId) implements DomainEvent {
    @Override
    public String type() {
        return "auth.session-ended.v1";
    }

    @Override
    public String topic() {
        return "auth.tenant.events";
    }

    @Override
    public String key() {
        return sessionId;
    }

    @Override
    public String subject() {
        return sessionId;
    }
}
