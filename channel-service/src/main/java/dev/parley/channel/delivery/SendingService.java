package dev.parley.channel.delivery;

import dev.parley.channel.account.AccountService;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.MessengerAdapter;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.Outgoing;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.contact.OptOutService;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.delivery.DeliveryRepository.Intent;
import dev.parley.channel.delivery.SendingRepository.Ending;
import dev.parley.channel.delivery.SendingRepository.Head;
import dev.parley.channel.delivery.SendingRepository.Waiting;
import dev.parley.platform.data.Database;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Gives planned sends to senders, one after the other in each conversation, and records what became of them. */
@ApplicationScoped
class SendingService {
    private static final String WINDOW_CLOSED =
            "held: the customer wrote too long ago for anything but a template; it goes out when they write again";

    private static final String HELD_TOO_LONG = "the customer did not write again in time";
    private static final String TAKEN_OVER = "a person has taken the conversation over";
    private static final String OPTED_OUT = "the recipient has opted out";

    private final Database database;
    private final SendingRepository repository;
    private final StatusService statuses;
    private final HeldTemplates templates;
    private final OptOutService optOuts;
    private final AccountService accounts;
    private final Adapters adapters;
    private final Outbox outbox;
    private final DeliveryConfig config;
    private final Clock clock;

    SendingService(
            Database database,
            SendingRepository repository,
            StatusService statuses,
            HeldTemplates templates,
            OptOutService optOuts,
            AccountService accounts,
            Adapters adapters,
            Outbox outbox,
            DeliveryConfig config,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.statuses = statuses;
        this.templates = templates;
        this.optOuts = optOuts;
        this.accounts = accounts;
        this.adapters = adapters;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    /** Takes the next send of a conversation, says how long to wait for it, or that there is none for us. */
    Claim claim(TenantId tenant, UUID conversation) {
        return database.inTenant(tenant, handle -> {
            Optional<Head> found = repository
                    .lockHead(handle, tenant, conversation, true)
                    .flatMap(first -> first.state() != SendState.HELD || first.heldTooLong() || takesNow(first)
                            ? Optional.of(first)
                            : repository.lockHead(handle, tenant, conversation, false));
            if (found.isEmpty()) {
                return new Claim.Nothing();
            }
            Head head = found.get();
            if (head.state() == SendState.SENDING) {
                return leftBehind(handle, tenant, head);
            }
            String forbidden = forbidden(head);
            if (forbidden != null) {
                repository.cancel(handle, tenant, head.intent(), forbidden);
                if (head.heldTooLong()) {
                    publish(handle, tenant, head, MessageEvent.Kind.FAILED);
                }
                return new Claim.Wait(Duration.ZERO);
            }
            if (head.awaited()
                    && head.intent().purpose() == Purpose.REPLY
                    && head.intent().partNo() == 1) {
                // A later message is being answered: that answer is for both, or this one goes out behind it.
                return new Claim.Nothing();
            }
            if (!takesNow(head)) {
                repository.hold(handle, tenant, head.intent().id(), config.longestHeld(), WINDOW_CLOSED);
                templates.offer(
                        handle, tenant, head.intent().accountId(), head.intent().id());
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
                    head,
                    fence,
                    config.lease(adapter.longestSend()),
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
        if (purpose != Purpose.NOTICE && head.optedOut()) {
            return OPTED_OUT;
        }
        return head.heldTooLong() ? HELD_TOO_LONG : null;
    }

    private boolean takesNow(Head head) {
        return adapters.messenger(head.channel())
                .orElseThrow()
                .capabilities()
                .takes(head.intent().part(), head.lastInbound(), clock.instant());
    }

    /**
     * A sender that outlived its lease may have sent. Where the vendor told so already nobody is asked; else the vendor
     * is, and if it does not say, people find out.
     */
    private Claim leftBehind(Handle handle, TenantId tenant, Head head) {
        if (!head.leaseOver()) {
            return new Claim.Nothing();
        }
        if (head.providerMessageId() != null) {
            repository.close(handle, tenant, head.intent().id(), head.fence(), Ending.sent(head.providerMessageId()));
            sent(handle, tenant, head);
            return new Claim.Wait(Duration.ZERO);
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
                        tenant,
                        intent.id(),
                        head.recipient(),
                        intent.part(),
                        accounts.webhookUrl(adapter.accountType(), intent.accountId())),
                leftBehind);
    }

    /** Records what became of a send; an answer that comes after the lease was taken from us counts for nothing. */
    void record(TenantId tenant, Claim.Ready claim, SendOutcome outcome) {
        Head head = claim.head();
        Intent intent = head.intent();
        int attempt = head.attempts() + 1;
        String providerId = outcome instanceof SendOutcome.Sent sent ? sent.providerMessageId() : null;
        SendState next = SendState.after(outcome, attempt, head.tried().compareTo(config.giveUpAfter()) < 0);
        Ending ending = new Ending(
                next,
                outcome instanceof SendOutcome.Refused,
                providerId,
                reason(outcome),
                next == SendState.HELD ? config.longestHeld() : SendState.pause(outcome, attempt));
        database.useTenant(tenant, handle -> repository
                .close(handle, tenant, intent.id(), claim.fence(), ending)
                .ifPresent(state -> {
                    if (providerId != null && claim.adapter().capabilities().receipts()) {
                        statuses.catchUp(handle, tenant, intent.accountId(), providerId);
                    }
                    follow(handle, tenant, head, outcome, state);
                }));
    }

    private void follow(Handle handle, TenantId tenant, Head head, SendOutcome outcome, SendState state) {
        Intent intent = head.intent();
        if (outcome instanceof SendOutcome.Moved moved) {
            repository.redirect(handle, tenant, intent.conversationId(), moved.recipient());
        }
        if (outcome instanceof SendOutcome.Refused refused && refused.refusal() == SendOutcome.Refusal.OPTED_OUT) {
            optOuts.optOutOf(handle, tenant, intent.conversationId(), intent.messageId());
        }
        if (state == SendState.HELD) {
            repository.closeWindow(handle, tenant, intent.conversationId(), clock.instant());
            templates.offer(handle, tenant, intent.accountId(), intent.id());
        }
        boolean aside = intent.partNo() == 0 || intent.part() instanceof OutboundPart.Media && !intent.last();
        if (state == SendState.FAILED && !aside) {
            repository.failRest(handle, tenant, intent.operationId(), "an earlier part failed");
            publish(handle, tenant, head, MessageEvent.Kind.FAILED);
        } else if (state == SendState.SENT) {
            sent(handle, tenant, head);
        }
    }

    /** Leaves an attempt open of which the vendor may tell more after that time. */
    void askLater(TenantId tenant, Claim.Ready claim, Duration wait) {
        database.useTenant(
                tenant,
                handle ->
                        repository.extend(handle, tenant, claim.head().intent().id(), claim.fence(), wait));
    }

    /** Whether one of the account's sends is known to be that message of the vendor. */
    boolean knows(TenantId tenant, UUID account, String providerMessageId) {
        return database.inTenant(tenant, handle -> statuses.knows(handle, tenant, account, providerMessageId));
    }

    private void sent(Handle handle, TenantId tenant, Head head) {
        if (head.intent().last()) {
            publish(handle, tenant, head, MessageEvent.Kind.SENT);
        }
    }

    private void publish(Handle handle, TenantId tenant, Head head, MessageEvent.Kind kind) {
        Intent intent = head.intent();
        Operation.enter(intent.operationId());
        outbox.append(
                handle,
                tenant,
                MessageEvent.of(
                        kind,
                        intent.messageId(),
                        intent.conversationId(),
                        intent.operationId(),
                        head.channel(),
                        head.agent(),
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
                implements Claim {
            @Override
            public String toString() {
                return "Ready[" + head.intent().id() + "]";
            }
        }

        /** Ask again after that time. */
        record Wait(Duration time) implements Claim {}

        /** There is nothing to do, or another sender does it. */
        record Nothing() implements Claim {}
    }
}
