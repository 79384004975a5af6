package dev.parley.channel.message;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.delivery.DeliveryService;
import dev.parley.channel.delivery.Purpose;
import dev.parley.channel.message.AdmissionRepository.Admitted;
import dev.parley.channel.message.AdmissionRepository.AdmittedOutside;
import dev.parley.channel.message.AdmissionRepository.NewMessage;
import dev.parley.channel.message.AdmissionRepository.OutsideThread;
import dev.parley.channel.message.MessageRepository.Position;
import dev.parley.channel.message.MessageRepository.Stored;
import dev.parley.channel.outbound.PromptMessage;
import dev.parley.channel.outbound.RunParameters;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps messages and what became of them: each method is one transaction. */
@ApplicationScoped
public class MessageService {
    /** Rows of unanswered turns are read in vain, so a few more than wanted are read. */
    private static final int HISTORY_SURPLUS = 12;

    private final Database database;
    private final AdmissionRepository admissions;
    private final MessageRepository repository;
    private final BurstRepository bursts;
    private final DeliveryService deliveries;
    private final Outbox outbox;
    private final AnswerConfig config;
    private final ObjectMapper json;
    private final Clock clock;

    MessageService(
            Database database,
            AdmissionRepository admissions,
            MessageRepository repository,
            BurstRepository bursts,
            DeliveryService deliveries,
            Outbox outbox,
            AnswerConfig config,
            ObjectMapper json,
            Clock clock) {
        this.database = database;
        this.admissions = admissions;
        this.repository = repository;
        this.bursts = bursts;
        this.deliveries = deliveries;
        this.outbox = outbox;
        this.config = config;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Stores a message of the web channel, or finds it when its client id is known.
     *
     * @param clientMessageId the client's id, from the body or the Idempotency-Key; null when it gave none
     * @return empty when the conversation is on a messenger, where only people of the tenant write: nothing is stored
     */
    Optional<Admission> admit(
            Caller caller, UUID conversation, SendMessageRequest request, @Nullable String clientMessageId) {
        TenantId tenant = caller.tenant();
        ArrayNode images = Images.stored(request.attachments(), json);
        NewMessage message = new NewMessage(
                Ids.next(),
                conversation,
                Operation.id(),
                PlainText.storable(request.text()),
                images,
                clientMessageId,
                userOf(caller),
                caller.actor());
        return database.inTenant(tenant, handle -> {
            Admitted admitted = admissions.admit(
                    handle, tenant, message, config.historyMessages() + HISTORY_SURPLUS, abandonedSeconds());
            if (admitted == null) {
                if (repository.isOnMessenger(handle, tenant, conversation)) {
                    return Optional.<Admission>empty();
                }
                throw new Problem(CommonProblem.NOT_FOUND);
            }
            if (admitted.createdAt() == null) {
                return Optional.of(known(handle, caller, message, null, null));
            }
            MessageView view = view(message, conversation, admitted.createdAt());
            return Optional.of(new Admission.Open(new Turn(
                    tenant,
                    message.operationId(),
                    conversation,
                    view,
                    admitted.seq(),
                    admitted.agent(),
                    admitted.channel(),
                    message.userId(),
                    message.createdBy(),
                    prompt(admitted.history(), Images.content(message.text(), images)),
                    null,
                    false,
                    clock.instant(),
                    null)));
        });
    }

    /**
     * Stores the last message of a caller that brings its own context, in the conversation that it names, or in a new
     * one.
     */
    public Admission admitOutside(Caller caller, OutsideMessage outside) {
        TenantId tenant = caller.tenant();
        NewMessage message = new NewMessage(
                Ids.next(),
                Ids.next(),
                Operation.id(),
                PlainText.storable(outside.text()),
                null,
                outside.clientMessageId(),
                userOf(caller),
                caller.actor());
        OutsideThread thread = new OutsideThread(outside.agent(), outside.channel(), outside.threadKey());
        return database.inTenant(tenant, handle -> {
            AdmittedOutside admitted = admissions.admitOutside(handle, tenant, message, thread, abandonedSeconds());
            if (admitted.createdAt() == null) {
                NewMessage again = new NewMessage(
                        message.id(),
                        admitted.conversationId(),
                        message.operationId(),
                        message.text(),
                        null,
                        message.clientMessageId(),
                        message.userId(),
                        message.createdBy());
                return known(handle, caller, again, outside.prompt(), outside.parameters());
            }
            return new Admission.Open(new Turn(
                    tenant,
                    message.operationId(),
                    admitted.conversationId(),
                    view(message, admitted.conversationId(), admitted.createdAt()),
                    admitted.seq(),
                    outside.agent(),
                    outside.channel(),
                    message.userId(),
                    message.createdBy(),
                    outside.prompt(),
                    outside.parameters(),
                    false,
                    clock.instant(),
                    null));
        });
    }

    private Admission known(
            Handle handle,
            Caller caller,
            NewMessage message,
            @Nullable List<PromptMessage> prompt,
            @Nullable RunParameters parameters) {
        TenantId tenant = caller.tenant();
        Stored stored = repository
                .findByClientId(handle, tenant, message.conversationId(), message.clientMessageId())
                .orElseThrow(() -> new IllegalStateException("a message that conflicts must exist"));
        if (!stored.message().text().equals(message.text())) {
            throw new Problem(MessageProblem.CLIENT_MESSAGE_ID_REUSED);
        }
        if (stored.answer() != null) {
            return new Admission.Answered(stored.answer());
        }
        UUID operation = stored.message().operationId();
        Instant startedAt = stored.startedAt();
        if (!stored.open()) {
            operation = message.operationId();
            startedAt = clock.instant();
            repository.startAttempt(
                    handle, tenant, stored, operation, message.userId(), message.createdBy(), abandonedSeconds());
        }
        return new Admission.Open(turn(handle, tenant, stored, operation, startedAt, prompt, parameters));
    }

    /**
     * Takes a message of a messenger's conversation to be answered.
     *
     * @param text all that is answered with it
     */
    Turn start(Handle handle, TenantId tenant, UUID operation, String text, Burst burst) {
        repository.start(handle, tenant, operation, abandonedSeconds());
        Stored stored = repository.findByOperation(handle, tenant, operation).orElseThrow();
        List<PromptMessage> prompt = prompt(
                before(handle, tenant, stored, burst.seqs()),
                Images.content(text, stored.message().attachments()));
        return turn(tenant, stored, operation, stored.startedAt(), prompt, null, burst);
    }

    private List<History.Line> before(Handle handle, TenantId tenant, Stored stored, List<Long> seqs) {
        return repository.historyBefore(
                handle, tenant, stored.message().conversationId(), seqs, config.historyMessages() + HISTORY_SURPLUS);
    }

    private Turn turn(
            Handle handle,
            TenantId tenant,
            Stored stored,
            UUID operation,
            Instant startedAt,
            @Nullable List<PromptMessage> given,
            @Nullable RunParameters parameters) {
        MessageView message = stored.message();
        Object content = Images.content(message.text(), message.attachments());
        List<PromptMessage> prompt =
                given != null ? given : prompt(before(handle, tenant, stored, List.of(stored.seq())), content);
        return turn(tenant, stored, operation, startedAt, prompt, parameters, null);
    }

    private Turn turn(
            TenantId tenant,
            Stored stored,
            UUID operation,
            Instant startedAt,
            List<PromptMessage> prompt,
            @Nullable RunParameters parameters,
            @Nullable Burst burst) {
        MessageView message = stored.message();
        return new Turn(
                tenant,
                operation,
                message.conversationId(),
                message,
                stored.seq(),
                stored.agent(),
                stored.channel(),
                stored.userId(),
                stored.createdBy(),
                prompt,
                parameters,
                deliveries.delivers(stored.channel()),
                startedAt,
                burst);
    }

    /**
     * Stores the reply, what it cost, and its sends or its event, and closes the operation. When another attempt
     * closed it before, that one's answer is returned.
     */
    Answer complete(Turn turn, Outcome outcome) {
        UUID reply = Ids.next();
        String text = PlainText.storable(outcome.run().text());
        return database.inTenant(turn.tenant(), handle -> {
            Optional<Instant> storedAt = repository.complete(handle, turn, reply, text, outcome);
            if (storedAt.isEmpty()) {
                return repository
                        .findByOperation(handle, turn.tenant(), turn.operationId())
                        .map(Stored::answer)
                        .orElseThrow(() -> new Problem(MessageProblem.MESSAGE_GIVEN_UP));
            }
            if (deliveries.delivers(turn.channel())) {
                replaceUnsent(handle, turn);
                deliveries.plan(
                        handle,
                        turn.tenant(),
                        turn.conversationId(),
                        reply,
                        turn.operationId(),
                        OutboundReply.of(text),
                        Purpose.REPLY,
                        turn.burst() == null ? 0 : turn.burst().epoch());
            } else {
                outbox.append(handle, turn.tenant(), event(turn, MessageEvent.Kind.SENT, reply, storedAt.get()));
            }
            return new Answer(
                    turn.message().answered(),
                    new Answer.Reply(
                            reply,
                            text,
                            outcome.run().promptVersion(),
                            outcome.run().finishReason(),
                            storedAt.get()),
                    new Answer.Usage(
                            outcome.credits(),
                            outcome.run().usage().inputTokens(),
                            outcome.run().usage().outputTokens()),
                    turn.operationId());
        });
    }

    /** Puts an answer in the place of those that were never sent, in the transaction that stores it. */
    private void replaceUnsent(Handle handle, Turn turn) {
        if (turn.burst() != null && turn.burst().paid()) {
            deliveries.withdraw(handle, turn.tenant(), turn.burst().unsent());
            bursts.merge(handle, turn.tenant(), turn.burst().unsent(), turn.operationId());
        }
    }

    /** Notes that policy refused. */
    void refuse(Turn turn, String reasonCode, String decision) {
        close(turn, "REFUSED", reasonCode, decision);
    }

    /** Notes that the message will not be answered. */
    void fail(Turn turn, String problemCode) {
        close(turn, "FAILED", problemCode, null);
    }

    private void close(Turn turn, String state, String code, @Nullable String decision) {
        database.useTenant(turn.tenant(), handle -> {
            boolean closed = repository.close(handle, turn.tenant(), turn.operationId(), state, code, decision);
            if (closed && deliveries.delivers(turn.channel())) {
                outbox.append(
                        handle,
                        turn.tenant(),
                        event(turn, MessageEvent.Kind.FAILED, turn.message().id(), clock.instant()));
            }
        });
    }

    /** Whether an operation still waits for its end. */
    public boolean isOpen(TenantId tenant, UUID operation) {
        return database.inTenant(tenant, handle -> repository
                .findByOperation(handle, tenant, operation)
                .map(Stored::open)
                .orElse(false));
    }

    /** Messages of a conversation, latest first. */
    public Page<MessageView> list(
            TenantId tenant, UUID conversation, @Nullable String cursor, @Nullable Integer limit) {
        String position = Cursor.decode(cursor);
        long beforeSeq = Long.MAX_VALUE;
        int beforePart = 0;
        if (position != null) {
            String[] parts = position.split("/", 2);
            try {
                beforeSeq = Long.parseLong(parts[0]);
                beforePart = Integer.parseInt(parts[1]);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException foreign) {
                throw new Problem(CommonProblem.BAD_REQUEST, foreign).detail("the cursor is not valid");
            }
        }
        int size = Cursor.limit(limit);
        long seq = beforeSeq;
        int part = beforePart;
        List<Position> rows =
                database.inTenant(tenant, handle -> repository.list(handle, tenant, conversation, seq, part, size + 1));
        return Page.of(rows, size, row -> row.seq() + "/" + row.part()).map(Position::message);
    }

    /** Takes over operations of any tenant whose process died; returns what can still be answered. */
    List<Turn> takeOverAbandoned(int limit) {
        List<MessageRepository.Abandoned> found = database.acrossTenants(handle -> repository.abandoned(handle, limit));
        List<Turn> turns = new ArrayList<>();
        for (MessageRepository.Abandoned abandoned : found) {
            database.inTenant(abandoned.tenant(), handle -> {
                        if (!repository.takeOver(
                                handle, abandoned.tenant(), abandoned.operation(), abandonedSeconds())) {
                            return Optional.<Turn>empty();
                        }
                        return repository
                                .findByOperation(handle, abandoned.tenant(), abandoned.operation())
                                .map(stored -> turn(
                                        handle,
                                        abandoned.tenant(),
                                        stored,
                                        abandoned.operation(),
                                        stored.startedAt(),
                                        null,
                                        null));
                    })
                    .ifPresent(turns::add);
        }
        return turns;
    }

    private List<PromptMessage> prompt(List<History.Line> newestFirst, Object content) {
        return History.prompt(newestFirst, content, config.historyMessages(), config.historyTokens());
    }

    private double abandonedSeconds() {
        return config.abandonedAfter().toMillis() / 1000.0;
    }

    private static MessageView view(NewMessage message, UUID conversation, Instant at) {
        return MessageView.inbound(
                message.id(),
                conversation,
                message.text(),
                at,
                "running",
                message.clientMessageId(),
                message.attachments(),
                message.operationId());
    }

    private static @Nullable String userOf(Caller caller) {
        return caller.roles().contains("member") ? caller.subject() : null;
    }

    private static MessageEvent event(Turn turn, MessageEvent.Kind kind, UUID message, Instant at) {
        return MessageEvent.of(
                kind, message, turn.conversationId(), turn.operationId(), turn.channel(), turn.agent(), at);
    }
}
