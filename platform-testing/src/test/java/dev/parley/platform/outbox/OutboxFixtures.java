package dev.parley.platform.outbox;

import dev.parley.platform.event.EventFixtures;

/** An outbox wired by hand, which nobody relays. */
public final class OutboxFixtures {
    private OutboxFixtures() {}

    public static Outbox outbox() {
        return new Outbox(EventFixtures.mapper());
    }
}
