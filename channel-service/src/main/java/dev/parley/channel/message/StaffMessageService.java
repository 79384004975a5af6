package dev.parley.channel.message;

import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.delivery.DeliveryService;
import dev.parley.channel.delivery.Purpose;
import dev.parley.channel.handoff.HandoffProblem;
import dev.parley.channel.handoff.HandoffService;
import dev.parley.channel.handoff.Ownership;
import dev.parley.channel.message.StaffMessageRepository.Known;
import dev.parley.channel.message.StaffMessageRepository.Opening;
import dev.parley.channel.text.PlainText;
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
import java.time.Instant;
import java.util.List;
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

    StaffMessageService(
            Database database,
            StaffMessageRepository repository,
            HandoffService handoffs,
            DeliveryService deliveries,
            Attachments attachments,
            Outbox outbox) {
        this.database = database;
        this.repository = repository;
        this.handoffs = handoffs;
        this.deliveries = deliveries;
        this.attachments = attachments;
        this.outbox = outbox;
    }

    /**
     * What policy has to know before a person may speak there, and the message if it is known already.
     *
     * @throws Problem 404 when there is no such conversation, 409 when its caller keeps it, 403 and 422 as {@link #speak}
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
            NewMessage message = message(caller, conversation, request, clientId);
            return opening.knowing(known(handle, tenant, message)
                    .map(known -> again(known, message, opening.onMessenger()))
                    .orElse(null));
        });
    }

    /**
     * Takes the conversation over, stores the message with its price and plans its sends, or says that it is there to be
     * read; the same client id again is the same message.
     *
     * @throws Problem 403 when the customer opted out, or for a key without the scope write, 409 when the conversation's
     *     caller keeps it, 422 for a program that does not say that a person speaks
     */
    StaffMessage speak(
            Caller caller,
            SendMessageRequest request,
            @Nullable String clientId,
            StaffCharge charge,
            boolean onMessenger) {
        TenantId tenant = caller.tenant();
        UUID conversation = charge.conversation();
        demandPerson(caller, request);
        NewMessage message = message(caller, conversation, request, clientId);
        OutboundReply reply =
                new OutboundReply(message.text(), List.of(), attachments.outbound(tenant, request.attachments()), null);
        return database.inTenant(tenant, handle -> {
            // A repetition says nothing, and so takes nothing: a colleague, or the bot, may have the conversation by
            // now.
            Optional<Known> before = known(handle, tenant, message);
            if (before.isPresent()) {
                return again(before.get(), message, onMessenger);
            }
            Ownership owner = handoffs.take(handle, caller, conversation);
            Optional<Known> meanwhile = known(handle, tenant, message);
            if (meanwhile.isPresent()) {
                return again(meanwhile.get(), message, onMessenger);
            }
            if (owner.optedOut()) {
                throw new Problem(MessageProblem.CONTACT_OPTED_OUT);
            }
            repository.insertCharge(handle, tenant, charge, caller.actor(), StaffCharges.PATIENCE);
            return said(handle, tenant, message, reply, owner, charge);
        });
    }

    private NewMessage message(
            Caller caller, UUID conversation, SendMessageRequest request, @Nullable String clientId) {
        return new NewMessage(
                Ids.next(),
                conversation,
                Operation.id(),
                PlainText.storable(request.text()),
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
            OutboundReply reply,
            Ownership owner,
            StaffCharge charge) {
        Instant at = repository.insert(handle, tenant, message);
        if (!owner.onMessenger()) {
            outbox.append(
                    handle,
                    tenant,
                    MessageEvent.of(
                            MessageEvent.Kind.SENT,
                            message.id(),
                            message.conversationId(),
                            message.operationId(),
                            charge.channel(),
                            charge.agent(),
                            at));
            return view(message, message.id(), message.operationId(), at, null);
        }
        deliveries.plan(
                handle,
                tenant,
                message.conversationId(),
                message.id(),
                message.operationId(),
                reply,
                Purpose.STAFF,
                owner.epoch());
        return view(message, message.id(), message.operationId(), at, PENDING);
    }

    private static StaffMessage again(Known known, NewMessage message, boolean onMessenger) {
        if (!known.text().equals(message.text())) {
            throw new Problem(MessageProblem.CLIENT_MESSAGE_ID_REUSED);
        }
        return view(message, known.id(), known.operationId(), known.at(), onMessenger ? PENDING : null);
    }

    private static StaffMessage view(NewMessage message, UUID id, UUID operation, Instant at, @Nullable String status) {
        return new StaffMessage(
                MessageView.staff(
                        id,
                        message.conversationId(),
                        message.text(),
                        at,
                        message.clientMessageId(),
                        message.attachments(),
                        operation,
                        status),
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
