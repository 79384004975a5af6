package dev.parley.channel.delivery;

import dev.parley.channel.adapter.Pacing;
import dev.parley.channel.delivery.SendingRepository.Head;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.arc.Arc;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/** A second process that sends: it shares the database with the one under test, and nothing else. */
public final class Replica {
    private Replica() {}

    /** Its senders. */
    public static DeliveryFlow senders() {
        Event<CodeTried> codes = Arc.container().beanManager().getEvent().select(new TypeLiteral<CodeTried>() {});
        return new DeliveryFlow(Arc.container().instance(SendingService.class).get(), codes, Clock.systemUTC());
    }

    /** Whether a sender that has looked at a conversation may send what it saw, after something happened meanwhile. */
    public static boolean maySendAfter(TenantId tenant, UUID conversation, Runnable meanwhile) {
        SendingRepository repository =
                Arc.container().instance(SendingRepository.class).get();
        return Arc.container().instance(Database.class).get().inTenant(tenant, handle -> {
            Head head = repository.lockHead(handle, tenant, conversation, true).orElseThrow();
            meanwhile.run();
            return repository
                    .claim(handle, tenant, head, head.fence() + 1, Duration.ofSeconds(1), Pacing.NONE)
                    .isPresent();
        });
    }
}
