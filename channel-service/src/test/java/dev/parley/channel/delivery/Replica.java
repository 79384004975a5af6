package dev.parley.channel.delivery;

import io.quarkus.arc.Arc;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Clock;

/** A second process that sends: it shares the database with the one under test, and nothing else. */
public final class Replica {
    private Replica() {}

    /** Its senders. */
    public static DeliveryFlow senders() {
        Event<CodeTried> codes = Arc.container().beanManager().getEvent().select(new TypeLiteral<CodeTried>() {});
        return new DeliveryFlow(Arc.container().instance(SendingService.class).get(), codes, Clock.systemUTC());
    }
}
