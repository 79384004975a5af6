package dev.parley.channel.message;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.Capabilities;
import dev.parley.channel.adapter.OutboundMedia;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.delivery.DeliveryService;
import dev.parley.channel.delivery.Purpose;
import dev.parley.channel.handoff.HandoffProblem;
import dev.parley.channel.handoff.HandoffService;
import dev.parley.channel.handoff.Ownership;
import dev.parley.channel.message.StaffMessageRepository.Known;
import dev.parley.channel.message.StaffMessageRepository.Opening;
import dev.parley.channel.turn.MessageProblem;
import dev.parley.channel.turn.MessageView;
import dev.parley.channel.turn.NewMessage;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Takes what people of the tenant write to customers, on messengers or not: whoever speaks has the conversation. */
@ApplicationScoped
class StaffMessageService {
    private static final String PENDING = "pending";

    private final Database database;
    private final StaffMessageRepository repository;
    private final HandoffService handoffs;
    private final DeliveryService deliveries;
    private final Attachments attachments;
    private final Outbox outbox;
    private final Adapters adapters;
    private final ObjectMapper json;
    private final Clock clock;

    StaffMessageService(
            Database database,
            StaffMessageRepository repository,
            HandoffService handoffs,
            DeliveryService deliveries,
            Attachments attachments,
            Adapters adapters,
            ObjectMapper json,
            Clock clock,
            Outbox outbox) {
        this.database = database;
        this.repository = repository;
        this.handoffs = handoffs;
        this.deliveries = deliveries;
        this.attachments = attachments;
        this.outbox = outbox;
        this.adapters = adapters;
        this.json = json;
        this.clock = clock;
    }

    /**
     * What policy has to know before a person may speak there, and the message if it is known already.
     *
     * @throws Problem 404 when there is no such conversation, 409 when its caller keeps it or it takes only templates now,
     *     403 and 422 as {@link #speak}
     */
    Opening open(Caller caller, UUID conversation, SendMessageRequest request, @Nullable String clientId) {
        demandPerson(caller, request);
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            Opening opening = repository
                    .open(handle, tenant, conversation)
                    .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            if (!HandoffService.isOpenToPeople(opening.channel())) {
                throw new Problem(HandoffProblem.CONVERSATION_KEPT_BY_CALLER);
            }
            StaffForm form = form(request, opening);
            NewMessage message = message(caller, conversation, form, request, clientId);
            Optional<Known> known = known(handle, tenant, message);
            if (known.isEmpty()) {
                demandOpenWindow(opening, form);
            }
            return opening.knowing(
                    known.map(one -> again(one, message, form, opening)).orElse(null));
        });
    }

    /**
     * Takes the conversation over, stores the message with its price and plans its sends, or says that it is there to be
     * read; the same client id again is the same message.
     *
     * @throws Problem 403 when the customer opted out, or for a key without the scope write, 409 when the conversation's
     *     caller keeps it or the customer wrote too long ago for anything but a template, 422 for a program that does not
     *     say that a person speaks, and for what the channel does not take
     */
    StaffMessage speak(Caller caller, SendMessageRequest request, @Nullable String clientId, StaffCharge charge) {
        TenantId tenant = caller.tenant();
        UUID conversation = charge.conversation();
        demandPerson(caller, request);
        List<OutboundMedia> media = attachments.outbound(tenant, request.attachments());
        return database.inTenant(tenant, handle -> {
            Opening opening = repository
                    .open(handle, tenant, conversation)
                    .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            StaffForm form = form(request, opening);
            NewMessage message = message(caller, conversation, form, request, clientId);
            // A repetition says nothing, and so takes nothing: a colleague, or the bot, may have the conversation by
            // now.
            Optional<Known> before = known(handle, tenant, message);
            if (before.isPresent()) {
                return again(before.get(), message, form, opening);
            }
            Ownership owner = handoffs.take(handle, caller, conversation);
            Optional<Known> meanwhile = known(handle, tenant, message);
            if (meanwhile.isPresent()) {
                return again(meanwhile.get(), message, form, opening);
            }
            if (owner.optedOut()) {
                throw new Problem(MessageProblem.CONTACT_OPTED_OUT);
            }
            demandOpenWindow(opening, form);
            repository.insertCharge(handle, tenant, charge, caller.actor(), StaffCharges.PATIENCE);
            return said(handle, tenant, message, form, media, owner, opening);
        });
    }

    private StaffForm form(SendMessageRequest request, Opening opening) {
        return StaffForm.of(
                request, opening.channel(), adapters.channel(opening.channel()).capabilities());
    }

    /** Words that would have to wait for the customer are not taken: who writes them knows that now, and can say it by a template. */
    private void demandOpenWindow(Opening opening, StaffForm form) {
        Capabilities can = adapters.channel(opening.channel()).capabilities();
        if (can.takes(form.firstPart(), opening.lastInbound(), clock.instant())) {
            return;
        }
        throw new Problem(MessageProblem.REPLY_WINDOW_CLOSED)
                .detail("On " + opening.channel() + " words go for "
                        + can.replyWindow().toHours()
                        + " hours after the customer wrote. Send an approved template instead:"
                        + " {\"template\": {\"name\", \"language\", \"parameters\"}}.")
                .with(
                        "last_inbound_at",
                        opening.lastInbound() == null
                                ? null
                                : opening.lastInbound().toString());
    }

    private NewMessage message(
            Caller caller, UUID conversation, StaffForm form, SendMessageRequest request, @Nullable String clientId) {
        return new NewMessage(
                Ids.next(),
                conversation,
                Operation.id(),
                form.text(),
                attachments.forCustomer(request.attachments()),
                clientId,
                caller.subject(),
                caller.actor());
    }

    private Optional<Known> known(Handle handle, TenantId tenant, NewMessage message) {
        return message.clientMessageId() == null
                ? Optional.empty()
                : repository.known(handle, tenant, message.conversationId(), message.clientMessageId());
    }

    private StaffMessage said(
            Handle handle,
            TenantId tenant,
            NewMessage message,
            StaffForm form,
            List<OutboundMedia> media,
            Ownership owner,
            Opening opening) {
        Instant at = repository.insert(handle, tenant, message, form.storedButtons(json), form.storedTemplate(json));
        if (!opening.onMessenger()) {
            outbox.append(
                    handle,
                    tenant,
                    MessageEvent.of(
                            MessageEvent.Kind.SENT,
                            message.id(),
                            message.conversationId(),
                            message.operationId(),
                            opening.channel(),
                            opening.agent(),
                            at));
            return view(message, form, opening, message.id(), message.operationId(), at);
        }
        deliveries.plan(
                handle,
                tenant,
                message.conversationId(),
                message.id(),
                message.operationId(),
                form.reply(media),
                Purpose.STAFF,
                owner.epoch());
        return view(message, form, opening, message.id(), message.operationId(), at);
    }

    private StaffMessage again(Known known, NewMessage message, StaffForm form, Opening opening) {
        if (!known.byStaff()
                || !form.isStored(known.text(), known.buttons(), known.template(), json)
                || !Objects.equals(message.attachments(), known.attachments())) {
            throw new Problem(MessageProblem.CLIENT_MESSAGE_ID_REUSED);
        }
        return view(message, form, opening, known.id(), known.operationId(), known.at());
    }

    private StaffMessage view(
            NewMessage message, StaffForm form, Opening opening, UUID id, UUID operation, Instant at) {
        return new StaffMessage(
                MessageView.staff(
                        id,
                        message.conversationId(),
                        message.text(),
                        at,
                        message.clientMessageId(),
                        message.attachments(),
                        operation,
                        opening.onMessenger() ? PENDING : null,
                        form.storedButtons(json),
                        form.storedTemplate(json)),
                operation);
    }

    /** A key that may talk to agents may not talk to customers: to speak as a person is to manage the conversation. */
    private static void demandPerson(Caller caller, SendMessageRequest request) {
        if (caller.roles().contains("api-key") && !caller.scopes().contains("write")) {
            throw new Problem(CommonProblem.FORBIDDEN).detail("To speak as staff a key needs the scope write.");
        }
        if (request.as() == null && !caller.roles().contains("member")) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/as", "must be staff in a conversation on a messenger"));
        }
    }
}
