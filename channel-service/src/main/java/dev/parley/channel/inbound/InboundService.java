package dev.parley.channel.inbound;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.account.AccountService;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.MessengerAdapter;
import dev.parley.channel.adapter.WebhookReply;
import dev.parley.channel.inbound.Batch.Item;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes webhook calls: verified, then stored once with the event that gets them answered, and only then accepted. */
@ApplicationScoped
class InboundService {
    /** Vendors write up to a thousand into one call. */
    private static final int MOST_EVENTS = 1_000;

    private static final String CALLS = "channel.webhook.calls";

    private final CallBodies bodies;
    private final EventStore store;
    private final AccountService accounts;
    private final Adapters adapters;
    private final Observation observation;
    private final MeterRegistry meters;

    InboundService(
            CallBodies bodies,
            EventStore store,
            AccountService accounts,
            Adapters adapters,
            Observation observation,
            MeterRegistry meters) {
        this.bodies = bodies;
        this.store = store;
        this.accounts = accounts;
        this.adapters = adapters;
        this.observation = observation;
        this.meters = meters;
    }

    /**
     * Returns what the vendor wants to read when everything in the call is committed; the same events again change
     * nothing.
     *
     * @throws Problem 401 WEBHOOK_NOT_VERIFIED when the secret is not the account's, and likewise when there is no such
     *     account; 404 for a type or path that nobody takes; 413 for a body that is too long
     */
    WebhookReply receive(String type, UUID account, Delivered delivered) {
        MessengerAdapter adapter = adapters.messengerOfAccount(type)
                .filter(known -> known.webhookPaths().contains(delivered.path()))
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        AccountRoute route = accounts.route(account)
                .filter(known -> known.type().equals(type))
                .orElseThrow(() -> new Problem(InboundProblem.WEBHOOK_NOT_VERIFIED));
        try (CallBodies.Body body = bodies.read(account, delivered.body(), adapter.longestCall())) {
            return receive(adapter, route, delivered.at(accounts.webhookUrl(type, account), body.bytes()));
        }
    }

    private WebhookReply receive(MessengerAdapter adapter, AccountRoute route, InboundCall call) {
        Optional<WebhookReply> handshake = handshake(adapter, route, call);
        if (handshake.isPresent()) {
            return handshake.get();
        }
        Map<String, String> signer = signer(adapter, route, call);
        if (signer == null) {
            demandObserved(route);
        }
        Operation.tenant(route.tenant());
        List<Batch> batches = batches(adapter, route, call, signer);
        store.store(route.tenant(), batches);
        count("taken");
        if (batches.stream()
                .flatMap(batch -> batch.items().stream())
                .anyMatch(item -> adapter.wantsAcknowledgement(item.event()))) {
            Thread.ofVirtual().name("acknowledge").start(() -> adapter.acknowledge(route.credentials(), call));
        }
        return adapter.accepted();
    }

    /** The first answer that is a yes, else the last. */
    private static Optional<WebhookReply> handshake(MessengerAdapter adapter, AccountRoute route, InboundCall call) {
        Optional<WebhookReply> reply = Optional.empty();
        for (Map<String, String> credentials : route.signers()) {
            reply = adapter.handshake(call, credentials);
            if (reply.isEmpty() || reply.get().status() < 300) {
                return reply;
            }
        }
        return reply;
    }

    /** The credentials that signed the call; null when none did. */
    private static @Nullable Map<String, String> signer(
            MessengerAdapter adapter, AccountRoute route, InboundCall call) {
        return route.signers().stream()
                .filter(credentials -> adapter.verify(call, credentials))
                .findFirst()
                .orElse(null);
    }

    /** Lets a call with a wrong signature pass where that is only observed, and not too often. */
    private void demandObserved(AccountRoute route) {
        if (route.enforced() || !observation.allows(route.accountId())) {
            count("refused");
            throw new Problem(InboundProblem.WEBHOOK_NOT_VERIFIED);
        }
        count("observed");
        accounts.countWouldBeRefused(route);
    }

    private List<Batch> batches(
            MessengerAdapter adapter, AccountRoute route, InboundCall call, @Nullable Map<String, String> signer) {
        List<InboundEvent> events = read(adapter, call, signer == null ? route.credentials() : signer, signer != null);
        if (signer == null) {
            events = events.stream().map(InboundService::unproven).toList();
        }
        List<Batch> batches = new ArrayList<>();
        batches.add(new Batch(route, items(events, true)));
        others(events).stream()
                .map(other -> accounts.sibling(route, other))
                .flatMap(Optional::stream)
                .map(sibling -> ofSibling(adapter, sibling, call))
                .filter(Objects::nonNull)
                .forEach(batches::add);
        return batches;
    }

    private List<InboundEvent> read(
            MessengerAdapter adapter, InboundCall call, Map<String, String> credentials, boolean verified) {
        List<InboundEvent> events;
        try {
            events = adapter.parse(call, credentials, verified);
        } catch (IllegalArgumentException unreadable) {
            count("unreadable");
            throw new Problem(InboundProblem.WEBHOOK_NOT_READABLE, unreadable);
        }
        if (events.size() > MOST_EVENTS) {
            count("too-many");
            throw new Problem(InboundProblem.WEBHOOK_NOT_READABLE)
                    .detail("A call may bring " + MOST_EVENTS + " events at most.");
        }
        return events;
    }

    /** Who did not prove to be the vendor may write a message, and change nothing that is there. */
    private static InboundEvent unproven(InboundEvent event) {
        return event instanceof InboundEvent.Message || event instanceof InboundEvent.Other
                ? event
                : new InboundEvent.Other(event.id(), "unverified-" + event.kind(), event.toString());
    }

    private static List<String> others(List<InboundEvent> events) {
        return events.stream()
                .filter(InboundEvent.Elsewhere.class::isInstance)
                .map(event -> ((InboundEvent.Elsewhere) event).account())
                .distinct()
                .toList();
    }

    /** What the call brings for another account of the tenant; null when that one's secret did not sign it. */
    private @Nullable Batch ofSibling(MessengerAdapter adapter, AccountRoute sibling, InboundCall call) {
        Map<String, String> signer = signer(adapter, sibling, call);
        if (signer == null) {
            return null;
        }
        return new Batch(
                sibling,
                items(
                        read(adapter, call, signer, true).stream()
                                .filter(event -> !(event instanceof InboundEvent.Elsewhere))
                                .toList(),
                        false));
    }

    /** The first event of a call goes on with the call's own operation. */
    private static List<Item> items(List<InboundEvent> events, boolean first) {
        List<Item> items = new ArrayList<>(events.size());
        for (InboundEvent event : events) {
            items.add(Item.of(event, first && items.isEmpty() ? Operation.id() : Ids.next()));
        }
        return items;
    }

    private void count(String outcome) {
        meters.counter(CALLS, "outcome", outcome).increment();
    }
}
