package dev.parley.channel.delivery;

import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.delivery.SendingRepository.Waiting;
import dev.parley.channel.delivery.SendingService.Claim;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Sends what is planned: in order within a conversation, at the messenger's pace, conversations side by side. */
@ApplicationScoped
public class DeliveryFlow {
    private static final Logger LOG = Logger.getLogger(DeliveryFlow.class);
    private static final int BATCH = 200;
    /** A longer wait is left to the sweeper, so that no thread sleeps for minutes. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final SendingService sends;
    private final ConcurrentHashMap<Waiting, Integer> active = new ConcurrentHashMap<>();

    DeliveryFlow(SendingService sends) {
        this.sends = sends;
    }

    /** Starts sending what waits in a conversation, unless that is going on; returns at once. */
    public void deliver(TenantId tenant, UUID conversation) {
        Waiting key = new Waiting(tenant, conversation);
        if (active.merge(key, 1, Integer::sum) == 1) {
            Thread.ofVirtual().name("deliver").start(() -> drain(key));
        }
    }

    /** Starts sending what dead processes left behind; returns in how many conversations. */
    public int sweep() {
        var waiting = sends.waiting(BATCH);
        waiting.stream()
                .filter(key -> !active.containsKey(key))
                .forEach(key -> deliver(key.tenant(), key.conversation()));
        return waiting.size();
    }

    private void drain(Waiting key) {
        int seen = 1;
        while (true) {
            try {
                sendAll(key);
            } catch (RuntimeException failure) {
                LOG.errorf(failure, "sending in conversation %s stopped; the sweeper goes on", key.conversation());
            } finally {
                Operation.leave();
            }
            int last = seen;
            Integer now = active.compute(key, (ignored, count) -> count == null || count == last ? null : count);
            if (now == null) {
                return;
            }
            seen = now;
        }
    }

    private void sendAll(Waiting key) {
        while (true) {
            switch (sends.claim(key.tenant(), key.conversation())) {
                case Claim.Nothing nothing -> {
                    return;
                }
                case Claim.Wait wait -> {
                    if (wait.time().compareTo(LONGEST_WAIT) > 0) {
                        return;
                    }
                    LockSupport.parkNanos(wait.time().toNanos());
                }
                case Claim.Ready ready -> send(key, ready);
            }
        }
    }

    private void send(Waiting key, Claim.Ready ready) {
        Operation.enter(ready.head().intent().operationId());
        Operation.tenant(key.tenant());
        SendOutcome outcome = outcome(ready);
        if (!(outcome instanceof SendOutcome.Sent)) {
            LOG.infof("send %s: %s", ready.head().intent().id(), outcome);
        }
        sends.record(key.tenant(), ready, outcome);
    }

    /** What became of a send; where the vendor did not answer it is asked, and only what it cannot tell is ambiguous. */
    private static SendOutcome outcome(Claim.Ready ready) {
        SendOutcome outcome = ready.leftBehind()
                ? new SendOutcome.Ambiguous("the sender did not come back")
                : ready.adapter().send(ready.credentials(), ready.message());
        return outcome instanceof SendOutcome.Ambiguous
                ? ready.adapter()
                        .lookUp(
                                ready.credentials(),
                                ready.message(),
                                ready.head().plannedAt())
                        .orElse(outcome)
                : outcome;
    }
}
