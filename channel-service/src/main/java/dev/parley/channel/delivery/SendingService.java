package dev.parley.channel.delivery;

import dev.parley.channel.account.AccountService;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.MessengerAdapter;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.Outgoing;
import dev.parley.channel.adapter.Pacing;
import dev.parley.channel.adapter.Rate;
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
    private static final String CODE_OVER = "the code is over or gone; a new one has to be asked for";
    private static final String NO_WINDOW = "the customer wrote too long ago for anything but a template";
    private static final String OPTED_OUT = "the recipient has opted out";

    private final Database database;
    private final SendingRepository repository;
    private final PaceRepository paces;
    private final StatusService statuses;
    private final HeldTemplates templates;
    private final SealedCodes codes;
    private final OptOutService optOuts;
    private final AccountService accounts;
    private final Adapters adapters;
    private final Outbox outbox;
    private final DeliveryConfig config;
    private final Clock clock;

    SendingService(
            Database database,
            SendingRepository repository,
            PaceRepository paces,
            StatusService statuses,
            HeldTemplates templates,
            SealedCodes codes,
            OptOutService optOuts,
            AccountService accounts,
            Adapters adapters,
            Outbox outbox,
            DeliveryConfig config,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.paces = paces;
        this.statuses = statuses;
        this.templates = templates;
        this.codes = codes;
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
                if (head.heldTooLong() || head.intent().purpose() == Purpose.CODE) {
                    publish(handle, tenant, head, MessageEvent.Kind.FAILED);
                }
                return new Claim.Wait(Duration.ZERO);
            }
            if (head.awaited() && head.intent().beginsAnswer()) {
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
                return new Claim.Wait(head.dueIn(), head.queued());
            }
            // Read before the claim: that locks what all sends of the account move.
            Claim.Ready ready = ready(handle, tenant, head, head.fence() + 1, false);
            Duration lease = config.lease(ready.adapter().longestSend());
            return repository
                    .claim(handle, tenant, head, ready.fence(), lease, ready.pacing())
                    .<Claim>map(turn -> turn.admitted() ? ready : new Claim.Wait(turn.pause(), true))
                    .orElseGet(() -> new Claim.Wait(Duration.ZERO));
        });
    }

    /** Why a send may not happen any more, as things stand now; null when it may. */
    private @Nullable String forbidden(Head head) {
        Purpose purpose = head.intent().purpose();
        if (purpose == Purpose.REPLY && head.intent().epoch() < head.wordEpoch()) {
            return head.optedOut() ? OPTED_OUT : TAKEN_OVER;
        }
        if (purpose != Purpose.NOTICE && head.optedOut()) {
            return OPTED_OUT;
        }
        if (purpose == Purpose.CODE && (head.overdue() || head.sealed() == null)) {
            return CODE_OVER;
        }
        if (purpose == Purpose.CODE && !takesNow(head)) {
            return NO_WINDOW;
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

    private Claim.Ready ready(Handle handle, TenantId tenant, Head head, long fence, boolean leftBehind) {
        MessengerAdapter adapter = adapters.messenger(head.channel()).orElseThrow();
        Intent intent = head.intent();
        String code = head.sealed() == null ? null : codes.opened(handle, tenant, intent.id(), head.sealed());
        return new Claim.Ready(
                head,
                fence,
                adapter,
                accounts.credentials(handle, tenant, intent.accountId()),
                new Outgoing(
                        tenant,
                        intent.id(),
                        head.recipient(),
                        code == null ? intent.part() : SealedCodes.unmasked(intent.part(), code),
                        accounts.webhookUrl(adapter.accountType(), intent.accountId())),
                code,
                leftBehind);
    }

    /** Records what became of a send; an answer that comes after the lease was taken from us counts for nothing. */
    void record(TenantId tenant, Claim.Ready claim, SendOutcome outcome) {
        Head head = claim.head();
        Intent intent = head.intent();
        int attempt = head.attempts() + 1;
        String providerId = outcome instanceof SendOutcome.Sent sent ? sent.providerMessageId() : null;
        SendState after = SendState.after(outcome, attempt, head.tried().compareTo(config.giveUpAfter()) < 0);
        SendState next = after == SendState.HELD && intent.purpose() == Purpose.CODE ? SendState.FAILED : after;
        Duration rest = rest(outcome);
        Ending ending = new Ending(
                next,
                outcome instanceof SendOutcome.Refused,
                providerId,
                withoutCode(reason(outcome), claim.code()),
                next == SendState.HELD ? config.longestHeld() : SendState.pause(outcome, attempt),
                // A code that is told to wait takes a new turn then, and the account's allowance for it.
                next == SendState.PENDING && rest != null && intent.purpose() != Purpose.CODE);
        database.useTenant(tenant, handle -> repository
                .close(handle, tenant, intent.id(), claim.fence(), ending)
                .ifPresent(state -> {
                    if (providerId != null && claim.adapter().capabilities().receipts()) {
                        statuses.catchUp(handle, tenant, intent.accountId(), providerId);
                    }
                    follow(handle, tenant, head, outcome, state);
                    Rate rate = claim.pacing().account();
                    if (rest != null && rate != null) {
                        paces.rest(handle, tenant, intent.accountId(), rate, rest);
                    }
                }));
    }

    /** How long the vendor wants nothing of the whole account; null when it does not say so. */
    private static @Nullable Duration rest(SendOutcome outcome) {
        return outcome instanceof SendOutcome.Later later && later.scope() == SendOutcome.Scope.ACCOUNT
                ? later.after()
                : null;
    }

    private void follow(Handle handle, TenantId tenant, Head head, SendOutcome outcome, SendState state) {
        Intent intent = head.intent();
        if (outcome instanceof SendOutcome.Moved moved) {
            repository.redirect(handle, tenant, intent.conversationId(), moved.recipient());
        }
        if (outcome instanceof SendOutcome.Later later && later.scope() == SendOutcome.Scope.RECIPIENT) {
            repository.rest(handle, tenant, intent.conversationId(), later.after());
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

    /** A vendor may repeat what it refuses. */
    private static @Nullable String withoutCode(@Nullable String reason, @Nullable String code) {
        return reason == null || code == null ? reason : reason.replace(code, DeliveryService.MASK);
    }

    private static @Nullable String reason(SendOutcome outcome) {
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
        /**
         * A send that is ours until the lease ends; one that was left behind is asked about, not sent.
         *
         * @param code what may be in the message and nowhere else; null for most
         */
        record Ready(
                Head head,
                long fence,
                MessengerAdapter adapter,
                Map<String, String> credentials,
                Outgoing message,
                @Nullable String code,
                boolean leftBehind)
                implements Claim {
            /** How fast what it is one of may go. */
            Pacing pacing() {
                return adapter.pacing(credentials, message.recipient());
            }

            @Override
            public String toString() {
                return "Ready[" + head.intent().id() + "]";
            }
        }

        /**
         * Ask again after that time.
         *
         * @param turn whether a turn in the account's pace is waited for, which is lost when nobody does
         */
        record Wait(Duration time, boolean turn) implements Claim {
            /** For no turn. */
            Wait(Duration time) {
                this(time, false);
            }
        }

        /** There is nothing to do, or another sender does it. */
        record Nothing() implements Claim {}
    }
}
