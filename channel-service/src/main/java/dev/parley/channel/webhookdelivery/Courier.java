package dev.parley.channel.webhookdelivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.channel.webhook.Target;
import dev.parley.channel.webhookdelivery.Round.Outcome;
import dev.parley.channel.webhookdelivery.TellRepository.Stored;
import dev.parley.channel.webhookdelivery.TellRepository.Taken;
import dev.parley.channel.webhookdelivery.TellRepository.Told;
import dev.parley.channel.webhookdelivery.WebhookSender.Route;
import dev.parley.platform.address.RefusedAddress;
import dev.parley.platform.tenancy.TenantId;
import io.vertx.core.Context;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Tells endpoints what happens. Where nothing waits, it is sent before it is stored, and stored once with what became of
 * it: the event itself is safe with whoever tells it until this returns. Everything else waits in its queue.
 */
@ApplicationScoped
public class Courier {
    private static final int TENANTS = 10_000;
    private static final Duration SLOW_TIME = Duration.ofSeconds(30);

    private final TellRepository repository;
    private final QueueService queue;
    private final WebhookSender sender;
    private final Dispatcher dispatcher;
    private final DeliveryConfig config;
    private final DeliveryMetrics metrics;
    private final Cache<TenantId, Set<UUID>> slow = Caffeine.newBuilder()
            .maximumSize(TENANTS)
            .expireAfterWrite(SLOW_TIME)
            .build();

    Courier(
            TellRepository repository,
            QueueService queue,
            WebhookSender sender,
            Dispatcher dispatcher,
            DeliveryConfig config,
            DeliveryMetrics metrics) {
        this.repository = repository;
        this.queue = queue;
        this.sender = sender;
        this.dispatcher = dispatcher;
        this.config = config;
        this.metrics = metrics;
    }

    /** Returns when each endpoint that asked for them has these events in its log; an event that was there stays as it is. */
    public void tell(TenantId tenant, List<Happening> happened) {
        tell(tenant, happened, !config.atOnce().isZero());
    }

    private void tell(TenantId tenant, List<Happening> happened, boolean atOnce) {
        List<Happening> events = List.copyOf(happened.stream()
                .collect(Collectors.toMap(Happening::id, Function.identity(), (one, again) -> one, LinkedHashMap::new))
                .values());
        Set<UUID> notAtOnce = Objects.requireNonNullElse(slow.getIfPresent(tenant), Set.of());
        Told told = queue.inTurn(() -> repository.tell(tenant, events, atOnce, notAtOnce, config.atOnceLease()));
        if (!told.asleep().isEmpty() && queue.inTurn(() -> repository.wake(tenant, told.asleep()))) {
            dispatcher.wake();
        }
        if (!told.taken().isEmpty()) {
            attempt(tenant, events, told.taken());
        }
    }

    private void attempt(TenantId tenant, List<Happening> events, List<Taken> taken) {
        Context loop = sender.loop(tenant);
        Round round = new Round(loop);
        Ledger ledger = new Ledger(events, config, queue::text);
        for (Taken one : taken) {
            List<Due> wanted = events.stream()
                    .filter(one::wants)
                    .map(event -> new Due(event.id(), event.payload(), 0, one.version(), one.readAt()))
                    .toList();
            Optional<Way> way = wanted.isEmpty() ? Optional.empty() : way(one);
            if (wanted.isEmpty()) {
                ledger.untouched(one.lease());
            } else if (way.isEmpty()) {
                ledger.queued(one.lease(), wanted);
            } else {
                round.add(ended -> new Lane(one, way.get().target(), way.get().route(), wanted, sender, ended));
            }
        }
        List<Outcome> outcomes = round.run(config.atOnce());
        for (Outcome outcome : outcomes) {
            outcome.finished().forEach(call -> metrics.attempted(call.attempt()));
            ledger.noted(outcome);
        }
        Stored stored =
                queue.inTurn(() -> repository.store(tenant, events, ledger.ends(), ledger.rows(), config.lease()));
        outcomes.stream()
                .filter(outcome -> !outcome.underWay().isEmpty())
                .forEach(outcome -> goOn(outcome, stored, loop));
        ledger.gone().forEach(this::giveUp);
        if (stored.due()) {
            dispatcher.wake();
        }
        if (stored.held().size() < taken.size()) {
            // Somebody else has some of these queues by now: what was sent to them from here counts for nothing.
            tell(tenant, events, false);
        }
    }

    private void giveUp(Lease lease) {
        queue.giveUp(lease, QueueService.GONE);
        queue.release(lease);
    }

    private record Way(Target target, Route route) {}

    private Optional<Way> way(Taken taken) {
        Optional<Target> target = queue.target(taken.lease(), taken.version());
        if (target.isEmpty()) {
            return Optional.empty();
        }
        try {
            TenantId tenant = taken.lease().tenant();
            return Optional.of(new Way(target.get(), sender.route(tenant, target.get(), config.atOnce())));
        } catch (RefusedAddress refused) {
            // Whoever serves the queue waits for name servers, and says in the log what is refused.
            putOff(taken.lease());
            return Optional.empty();
        }
    }

    /** For a while, what happens is not sent to that endpoint at once. */
    private void putOff(Lease lease) {
        slow.get(lease.tenant(), first -> ConcurrentHashMap.newKeySet()).add(lease.endpoint());
    }

    /** Attempts that take long are waited for by whoever serves the queue; the next events wait there too. */
    private void goOn(Outcome outcome, Stored stored, Context loop) {
        Lane lane = outcome.lane();
        putOff(lane.lease());
        if (stored.held().contains(lane.lease().endpoint())) {
            List<Call> calls = outcome.underWay();
            dispatcher.adopt(
                    lane.lease(), lane.target(), calls, heir -> loop.runOnContext(now -> lane.inherit(calls, heir)));
        }
    }
}
