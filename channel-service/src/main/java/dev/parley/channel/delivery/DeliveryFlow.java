package dev.parley.channel.delivery;

import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.delivery.SendingRepository.Waiting;
import dev.parley.channel.delivery.SendingService.Claim;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sends what is planned: in order within a conversation, at the messenger's pace, conversations side by side. */
@ApplicationScoped
public class DeliveryFlow {
    private static final Logger LOG = Logger.getLogger(DeliveryFlow.class);
    private static final int BATCH = 200;
    /** A longer wait is left to the sweeper, so that no thread sleeps for minutes. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    /** Who has a turn waits for it here: the sweeper comes a little late, and turns are one behind the other. */
    private static final Duration LONGEST_QUEUE = Duration.ofMinutes(10);

    /** What the last events bring is sent too. */
    private static final int AFTER_CONSUMERS = 4_000;

    /** How long the end of the process waits for sends that are under way; later they are ambiguous. */
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Duration MARGIN = Duration.ofSeconds(1);
    private static final Pattern CODE = Pattern.compile("^[0-9]{3,7}\\b");

    private final SendingService sends;
    private final Event<CodeTried> codes;
    private final Clock clock;
    private final ConcurrentHashMap<Waiting, Integer> active = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Waiting, Thread> sleepers = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    DeliveryFlow(SendingService sends, Event<CodeTried> codes, Clock clock) {
        this.sends = sends;
        this.codes = codes;
        this.clock = clock;
    }

    /** Nothing more is taken, and what was taken is sent and noted: nobody could say later what became of it. */
    void stop(@Observes @Priority(AFTER_CONSUMERS) ShutdownEvent stopped) {
        stopping = true;
        sleepers.values().forEach(LockSupport::unpark);
        long giveUp = System.nanoTime() + FAREWELL.toNanos();
        while (!active.isEmpty() && System.nanoTime() - giveUp < 0) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** Starts sending what waits in a conversation, unless that is going on; returns at once. */
    public void deliver(TenantId tenant, UUID conversation) {
        if (stopping) {
            return;
        }
        Waiting key = new Waiting(tenant, conversation);
        if (active.merge(key, 1, Integer::sum) == 1) {
            Thread.ofVirtual().name("deliver").start(() -> drain(key));
        } else {
            // It may be a code, which goes before what is waited for. Nobody is woken where nobody sleeps.
            LockSupport.unpark(sleepers.get(key));
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
            } catch (RuntimeException | Error failure) {
                LOG.errorf(failure, "sending in conversation %s stopped; the sweeper goes on", key.conversation());
            } finally {
                Operation.leave();
            }
            int last = seen;
            Integer now =
                    active.compute(key, (ignored, count) -> count == null || count == last || stopping ? null : count);
            if (now == null) {
                return;
            }
            seen = now;
        }
    }

    /** A code may come while it is asked what to do: it is asked again then, and not slept. */
    private void sendAll(Waiting key) {
        sleepers.put(key, Thread.currentThread());
        try {
            sendEach(key);
        } finally {
            sleepers.remove(key);
        }
    }

    private void sendEach(Waiting key) {
        while (!stopping) {
            Integer asked = active.get(key);
            switch (sends.claim(key.tenant(), key.conversation())) {
                case Claim.Nothing nothing -> {
                    return;
                }
                case Claim.Wait wait -> {
                    if (wait.time().compareTo(wait.turn() ? LONGEST_QUEUE : LONGEST_WAIT) > 0) {
                        return;
                    }
                    // Whoever comes from here on is counted before it wakes this thread.
                    if (Objects.equals(asked, active.get(key)) && !stopping) {
                        LockSupport.parkNanos(wait.time().toNanos());
                    }
                }
                case Claim.Ready ready -> send(key, ready);
            }
        }
    }

    private void send(Waiting key, Claim.Ready ready) {
        Operation.enter(ready.head().intent().operationId());
        Operation.tenant(key.tenant());
        Instant attempted = ready.leftBehind() ? ready.head().attemptedAt() : clock.instant();
        SendOutcome outcome = ready.leftBehind()
                ? new SendOutcome.Ambiguous("the sender did not come back")
                : ready.adapter().send(ready.credentials(), ready.message());
        if (outcome instanceof SendOutcome.Ambiguous) {
            Optional<SendOutcome> learned = lookUp(key, ready, attempted);
            Duration listed = Duration.between(
                    clock.instant(), attempted.plus(ready.adapter().listedAfter()));
            if (learned.isEmpty() && listed.isPositive()) {
                sends.askLater(key.tenant(), ready, listed.plus(MARGIN));
                return;
            }
            outcome = learned.orElse(outcome);
        }
        if (!(outcome instanceof SendOutcome.Sent)) {
            LOG.infof("send %s: %s", ready.head().intent().id(), described(outcome, ready.code()));
        }
        sends.record(key.tenant(), ready, outcome);
        if (ready.code() != null) {
            codes.fire(new CodeTried(key.tenant(), ready.head().intent().operationId()));
        }
    }

    /** The vendor is asked what it did not answer; what it took for another send is not this one. */
    private Optional<SendOutcome> lookUp(Waiting key, Claim.Ready ready, Instant attempted) {
        UUID account = ready.head().intent().accountId();
        return ready.adapter()
                .lookUp(ready.credentials(), ready.message(), attempted, id -> sends.knows(key.tenant(), account, id));
    }

    /** The kind and the vendor's code; its words may hold the customer's number, or the code that we sent. */
    private static String described(SendOutcome outcome, @Nullable String secret) {
        String words =
                switch (outcome) {
                    case SendOutcome.Later later -> later.reason();
                    case SendOutcome.Refused refused -> refused.reason();
                    case SendOutcome.Ambiguous ambiguous -> ambiguous.reason();
                    case SendOutcome.Sent sent -> "";
                    case SendOutcome.Moved moved -> "";
                };
        Matcher code = CODE.matcher(words);
        return outcome.getClass().getSimpleName()
                + (code.find() && !code.group().equals(secret) ? " " + code.group() : "");
    }
}
