package dev.parley.channel.delivery;

import dev.parley.channel.account.AccountService;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.MessengerAdapter;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.adapter.Outgoing;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.contact.OptOutService;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.delivery.DeliveryRepository.Head;
import dev.parley.channel.delivery.DeliveryRepository.Intent;
import dev.parley.channel.delivery.DeliveryRepository.Waiting;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Plans sends and keeps their states; each method is one transaction or part of one. */
@ApplicationScoped
public class DeliveryService {
    private static final String WINDOW_CLOSED =
            "held: the customer wrote too long ago for anything but a template; it goes out when they write again";

    private static final String TAKEN_OVER = "a person has taken the conversation over";
    private static final String OPTED_OUT = "the recipient has opted out";
    private static final String NEWER_ANSWER = "the answer to a later message took its place";

    private final Database database;
    private final DeliveryRepository repository;
    private final StatusService statuses;
    private final OptOutService optOuts;
    private final AccountService accounts;
    private final Adapters adapters;
    private final Outbox outbox;
    private final DeliveryConfig config;
    private final Clock clock;

    DeliveryService(
            Database database,
            DeliveryRepository repository,
            StatusService statuses,
            OptOutService optOuts,
            AccountService accounts,
            Adapters adapters,
            Outbox outbox,
            DeliveryConfig config,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.statuses = statuses;
        this.optOuts = optOuts;
        this.accounts = accounts;
        this.adapters = adapters;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    /** Whether replies of that channel are sent, rather than given back to who asked. */
    public boolean delivers(String channel) {
        return adapters.messenger(channel).isPresent();
    }

    /**
     * Plans the sends of a message, in the transaction that stores it.
     *
     * @param epoch the conversation's when it was begun: the bot's answer of an older one is not sent
     */
    public void plan(
            Handle handle,
            TenantId tenant,
            UUID conversation,
            UUID message,
            UUID operation,
            OutboundReply reply,
            Purpose purpose,
            long epoch) {
        var address = repository
                .address(handle, tenant, conversation)
                .orElseThrow(() -> new IllegalStateException("a messenger's conversation has an account"));
        List<OutboundPart> parts =
                adapters.messenger(address.channel()).orElseThrow().render(reply);
        List<Intent> intents = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            intents.add(new Intent(
                    Ids.next(),
                    conversation,
                    address.accountId(),
                    message,
                    operation,
                    i + 1,
                    parts.size(),
                    parts.get(i),
                    purpose,
                    epoch));
        }
        repository.insert(handle, tenant, intents);
    }

    /** The operations whose answers wait for their first send, and can still be withdrawn. */
    public List<UUID> unsent(Handle handle, TenantId tenant, UUID conversation) {
        return repository.unsent(handle, tenant, conversation);
    }

    /** Withdraws the unsent answers of these operations: another answer takes their place. */
    public void withdraw(Handle handle, TenantId tenant, List<UUID> operations) {
        repository.withdraw(handle, tenant, operations, NEWER_ANSWER);
    }

    /** Takes the next send of a conversation, says how long to wait for it, or that there is none for us. */
    Claim claim(TenantId tenant, UUID conversation) {
        return database.inTenant(tenant, handle -> {
            Optional<Head> found = repository
                    .lockHead(handle, tenant, conversation, true)
                    .filter(first -> first.state() != SendState.HELD || takesNow(first))
                    .or(() -> repository.lockHead(handle, tenant, conversation, false));
            if (found.isEmpty()) {
                return new Claim.Nothing();
            }
            Head head = found.get();
            if (head.state() == SendState.SENDING) {
                return leftBehind(handle, tenant, head);
            }
            String forbidden = forbidden(head);
            if (forbidden != null) {
                repository.cancel(handle, tenant, head.intent().messageId(), forbidden);
                return new Claim.Wait(Duration.ZERO);
            }
            if (head.awaited()
                    && head.intent().purpose() == Purpose.REPLY
                    && head.intent().partNo() == 1) {
                // A later message is being answered: that answer is for both, or this one goes out behind it.
                return new Claim.Nothing();
            }
            if (!takesNow(head)) {
                repository.hold(handle, tenant, head.intent().id(), WINDOW_CLOSED);
                return new Claim.Wait(Duration.ZERO);
            }
            if (head.dueIn().isPositive()) {
                return new Claim.Wait(head.dueIn());
            }
            MessengerAdapter adapter = adapters.messenger(head.channel()).orElseThrow();
            long fence = head.fence() + 1;
            boolean ours = repository.claim(
                    handle,
                    tenant,
                    head.intent(),
                    fence,
                    config.lease(),
                    adapter.capabilities().pace());
            if (!ours) {
                return new Claim.Wait(Duration.ZERO);
            }
            return ready(handle, tenant, head, fence, false);
        });
    }

    /** Why a send may not happen any more, as things stand now; null when it may. */
    private static @Nullable String forbidden(Head head) {
        Purpose purpose = head.intent().purpose();
        if (purpose == Purpose.REPLY && head.intent().epoch() != head.epoch()) {
            return head.optedOut() ? OPTED_OUT : TAKEN_OVER;
        }
        return purpose != Purpose.NOTICE && head.optedOut() ? OPTED_OUT : null;
    }

    private boolean takesNow(Head head) {
        return adapters.messenger(head.channel())
                .orElseThrow()
                .capabilities()
                .takes(head.intent().part(), head.lastInbound(), clock.instant());
    }

    /** A sender that outlived its lease may have sent: the vendor is asked, and if it does not say, people find out. */
    private Claim leftBehind(Handle handle, TenantId tenant, Head head) {
        if (!head.leaseOver()) {
            return new Claim.Nothing();
        }
        long fence = head.fence() + 1;
        repository.takeOver(handle, tenant, head.intent().id(), fence, config.lease());
        return ready(handle, tenant, head, fence, true);
    }

    private Claim ready(Handle handle, TenantId tenant, Head head, long fence, boolean leftBehind) {
        MessengerAdapter adapter = adapters.messenger(head.channel()).orElseThrow();
        Intent intent = head.intent();
        return new Claim.Ready(
                head,
                fence,
                adapter,
                accounts.credentials(handle, tenant, intent.accountId()),
                new Outgoing(
                        intent.id(),
                        head.recipient(),
                        intent.part(),
                        accounts.webhookUrl(adapter.accountType(), intent.accountId())),
                leftBehind);
    }

    /** Records what became of a send; an answer that comes after the lease was taken from us counts for nothing. */
    void record(TenantId tenant, Claim.Ready claim, SendOutcome outcome) {
        Intent intent = claim.head().intent();
        int attempt = claim.head().attempts() + 1;
        SendState next = SendState.after(outcome, attempt);
        database.useTenant(tenant, handle -> {
            String providerId = outcome instanceof SendOutcome.Sent sent ? sent.providerMessageId() : null;
            boolean ours = repository.close(
                    handle,
                    tenant,
                    intent.id(),
                    claim.fence(),
                    next,
                    providerId,
                    reason(outcome),
                    SendState.pause(outcome, attempt));
            if (!ours) {
                return;
            }
            if (providerId != null && claim.adapter().capabilities().receipts()) {
                statuses.catchUp(handle, tenant, intent.accountId(), providerId);
            }
            if (outcome instanceof SendOutcome.Moved moved) {
                repository.redirect(handle, tenant, intent.conversationId(), moved.recipient());
            }
            if (outcome instanceof SendOutcome.Refused refused && refused.refusal() == SendOutcome.Refusal.OPTED_OUT) {
                optOuts.optOutOf(handle, tenant, intent.conversationId(), intent.messageId());
            }
            if (next == SendState.FAILED) {
                repository.failRest(handle, tenant, intent.messageId(), "an earlier part failed");
                publish(handle, tenant, claim, MessageEvent.Kind.FAILED);
            } else if (next == SendState.SENT && intent.last()) {
                publish(handle, tenant, claim, MessageEvent.Kind.SENT);
            }
        });
    }

    private void publish(Handle handle, TenantId tenant, Claim.Ready claim, MessageEvent.Kind kind) {
        Intent intent = claim.head().intent();
        Operation.enter(intent.operationId());
        outbox.append(
                handle,
                tenant,
                MessageEvent.of(
                        kind,
                        intent.messageId(),
                        intent.conversationId(),
                        intent.operationId(),
                        claim.head().channel(),
                        claim.head().agent(),
                        clock.instant()));
    }

    private static String reason(SendOutcome outcome) {
        return switch (outcome) {
            case SendOutcome.Sent sent -> null;
            case SendOutcome.Later later -> later.reason();
            case SendOutcome.Refused refused -> refused.reason();
            case SendOutcome.Ambiguous ambiguous -> ambiguous.reason();
            case SendOutcome.Moved moved -> "the recipient moved";
        };
    }

    /** Conversations in which something waits to be sent or was left behind. */
    List<Waiting> waiting(int limit) {
        return database.acrossTenants(handle -> repository.waiting(handle, config.sweepGrace(), limit));
    }

    /** What became of an operation's sends, as far as we brought them and then as far as vendors tell. */
    public List<Send> sends(Handle handle, TenantId tenant, UUID operation) {
        return repository.steps(handle, tenant, operation).stream()
                .flatMap(step -> {
                    String part = step.partNo() + "/" + step.parts();
                    Map<String, Object> detail = new LinkedHashMap<>(Map.of("part", part));
                    detail.put("attempts", step.attempts());
                    put(detail, "provider_message_id", step.providerMessageId());
                    put(detail, "last_error", step.lastError());
                    Send send = new Send(step.at(), step.state().name().toLowerCase(java.util.Locale.ROOT), detail);
                    if (!step.toldMore()) {
                        return Stream.of(send);
                    }
                    Map<String, Object> told = new LinkedHashMap<>(Map.of("part", part));
                    put(told, "error", step.deliveryError());
                    return Stream.of(send, new Send(step.deliveryAt(), step.delivery(), told));
                })
                .toList();
    }

    private static void put(Map<String, Object> detail, String name, @Nullable Object value) {
        if (value != null) {
            detail.put(name, value);
        }
    }

    /** One send as the trace shows it. */
    public record Send(Instant at, String state, Map<String, Object> detail) {}

    /** What a sender gets when it asks for work. */
    sealed interface Claim {
        /** A send that is ours until the lease ends; one that was left behind is asked about, not sent. */
        record Ready(
                Head head,
                long fence,
                MessengerAdapter adapter,
                Map<String, String> credentials,
                Outgoing message,
                boolean leftBehind)
                implements Claim {}

        /** Ask again after that time. */
        record Wait(Duration time) implements Claim {}

        /** There is nothing to do, or another sender does it. */
        record Nothing() implements Claim {}
    }
}
