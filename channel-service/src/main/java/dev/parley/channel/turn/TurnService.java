package dev.parley.channel.turn;

import dev.parley.channel.adapter.OutboundReply;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.delivery.DeliveryService;
import dev.parley.channel.delivery.Purpose;
import dev.parley.channel.draft.DraftService;
import dev.parley.channel.draft.Reply;
import dev.parley.channel.handoff.HandoffService;
import dev.parley.channel.handoff.HandoffWish;
import dev.parley.channel.outbound.PromptMessage;
import dev.parley.channel.outbound.RunParameters;
import dev.parley.channel.review.RuleService;
import dev.parley.channel.review.RuleService.Verdict;
import dev.parley.channel.text.PlainText;
import dev.parley.platform.data.Columns;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps turns and what became of them: each method that takes no handle is one transaction. */
@ApplicationScoped
public class TurnService {
    /** Rows of unanswered turns are read in vain, so a few more than wanted are read. */
    private static final int HISTORY_SURPLUS = 12;

    /** At least so many: a last attempt is made shortly before the window ends. */
    private static final int ATTEMPTS_IN_A_WINDOW = 5;

    /** When an abandoned operation is looked at again whose conversation's turn another one has. */
    private static final Duration UNTIL_NEXT_TURN = Duration.ofSeconds(2);

    private final Database database;
    private final TurnRepository repository;
    private final OutcomeRepository outcomes;
    private final ClosedRepository closed;
    private final DeliveryService deliveries;
    private final RuleService rules;
    private final DraftService drafts;
    private final HandoffService handoffs;
    private final Outbox outbox;
    private final AnswerConfig config;
    private final Clock clock;

    TurnService(
            Database database,
            TurnRepository repository,
            OutcomeRepository outcomes,
            ClosedRepository closed,
            DeliveryService deliveries,
            RuleService rules,
            DraftService drafts,
            HandoffService handoffs,
            Outbox outbox,
            AnswerConfig config,
            Clock clock) {
        this.database = database;
        this.repository = repository;
        this.outcomes = outcomes;
        this.closed = closed;
        this.deliveries = deliveries;
        this.rules = rules;
        this.drafts = drafts;
        this.handoffs = handoffs;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    /**
     * What became of a message that its client, who keeps the conversation, sent before.
     *
     * @param message as it came now, with an operation for another attempt
     * @param prompt what the caller brings itself
     */
    public Admission known(
            Handle handle,
            TenantId tenant,
            NewMessage message,
            List<PromptMessage> prompt,
            @Nullable RunParameters parameters) {
        Stored stored = same(handle, tenant, message)
                .orElseThrow(() -> new IllegalStateException("a message that conflicts must exist"));
        if (stored.answer() != null) {
            return new Admission.Answered(stored.answer());
        }
        return new Admission.Open(attempt(handle, tenant, stored, message, prompt, parameters));
    }

    /** Whether a message was stored before; its conversation is locked. */
    public boolean knows(Handle handle, TenantId tenant, NewMessage message) {
        if (message.clientMessageId() == null
                || !repository.isKnown(handle, tenant, message.conversationId(), message.clientMessageId())) {
            return false;
        }
        if (repository
                .findByClientId(handle, tenant, message.conversationId(), message.clientMessageId())
                .isEmpty()) {
            throw new Problem(MessageProblem.CLIENT_MESSAGE_ID_REUSED);
        }
        return true;
    }

    /**
     * What became of a message that its client sent before; its conversation is locked. One that has no answer and is
     * nobody's has the conversation's turn then.
     *
     * @param message as it came now, with an operation for another attempt
     * @param bots whether the bot has the conversation; otherwise what failed before is a person's
     * @return empty when it has to wait for its turn
     */
    public Optional<Admission> again(Handle handle, TenantId tenant, NewMessage message, boolean bots) {
        Stored stored = same(handle, tenant, message).orElseThrow();
        if (stored.answer() != null) {
            return Optional.of(new Admission.Answered(stored.answer()));
        }
        if (stored.held()) {
            return Optional.of(new Admission.ForStaff(stored.asHeld()));
        }
        if (!stored.open() && !bots) {
            startAttempt(handle, tenant, stored, message, true);
            return repository
                    .findByOperation(handle, tenant, message.operationId())
                    .map(held -> new Admission.ForStaff(held.asHeld()));
        }
        UUID operation = stored.open() ? stored.message().operationId() : message.operationId();
        return takeTurn(handle, tenant, message.conversationId(), operation)
                ? Optional.of(new Admission.Open(attempt(handle, tenant, stored, message, null, null)))
                : Optional.empty();
    }

    private Optional<Stored> same(Handle handle, TenantId tenant, NewMessage message) {
        Optional<Stored> stored =
                repository.findByClientId(handle, tenant, message.conversationId(), message.clientMessageId());
        if (stored.isPresent() && !stored.get().message().text().equals(message.text())) {
            throw new Problem(MessageProblem.CLIENT_MESSAGE_ID_REUSED);
        }
        return stored;
    }

    /** The open attempt, or another one when that ended without an answer. */
    private Turn attempt(
            Handle handle,
            TenantId tenant,
            Stored stored,
            NewMessage message,
            @Nullable List<PromptMessage> prompt,
            @Nullable RunParameters parameters) {
        if (stored.open()) {
            return turn(handle, tenant, stored, prompt, parameters).awaited();
        }
        startAttempt(handle, tenant, stored, message, false);
        Stored started = repository
                .findByOperation(handle, tenant, message.operationId())
                .orElseThrow();
        return turn(handle, tenant, started, prompt, parameters);
    }

    private void startAttempt(Handle handle, TenantId tenant, Stored stored, NewMessage message, boolean held) {
        repository.startAttempt(
                handle,
                tenant,
                stored,
                message.operationId(),
                message.userId(),
                message.createdBy(),
                held,
                abandonedSeconds());
    }

    /** Gives a conversation's turn to an operation; false when another one has it, is not ended, and is worked on. */
    private boolean takeTurn(Handle handle, TenantId tenant, UUID conversation, UUID operation) {
        return repository.takeTurn(handle, tenant, conversation, operation, abandonedSeconds());
    }

    /** Ends the turn of a message that is answered later, or by nobody: others need not wait for it. */
    public void letGo(Handle handle, TenantId tenant, UUID conversation, UUID operation) {
        repository.letGo(handle, tenant, conversation, operation);
    }

    /** As {@link #letGo(Handle, TenantId, UUID, UUID)}, in a transaction of its own; messengers' have no turns. */
    public void letGo(Turn turn) {
        if (!isOnMessenger(turn)) {
            database.useTenant(
                    turn.tenant(), handle -> letGo(handle, turn.tenant(), turn.conversationId(), turn.operationId()));
        }
    }

    /**
     * Takes a message of a messenger's conversation to be answered.
     *
     * @param text all that is answered with it
     * @param epoch the conversation's
     */
    public Turn start(Handle handle, TenantId tenant, UUID operation, String text, long epoch, Burst burst) {
        repository.start(handle, tenant, operation, epoch, abandonedSeconds());
        Stored stored = repository.findByOperation(handle, tenant, operation).orElseThrow();
        List<PromptMessage> prompt = prompt(
                before(handle, tenant, stored, burst.seqs()),
                Images.content(text, stored.message().attachments()));
        return turn(tenant, stored, prompt, null, burst);
    }

    private List<History.Line> before(Handle handle, TenantId tenant, Stored stored, List<Long> seqs) {
        return repository.historyBefore(
                handle,
                tenant,
                stored.message().conversationId(),
                seqs,
                deliveries.delivers(stored.channel()),
                historyRead());
    }

    private Turn turn(
            Handle handle,
            TenantId tenant,
            Stored stored,
            @Nullable List<PromptMessage> given,
            @Nullable RunParameters parameters) {
        MessageView message = stored.message();
        Object content = Images.content(message.text(), message.attachments());
        List<PromptMessage> prompt =
                given != null ? given : prompt(before(handle, tenant, stored, List.of(stored.seq())), content);
        return turn(tenant, stored, prompt, parameters, null);
    }

    private Turn turn(
            TenantId tenant,
            Stored stored,
            List<PromptMessage> prompt,
            @Nullable RunParameters parameters,
            @Nullable Burst burst) {
        MessageView message = stored.message();
        return new Turn(
                tenant,
                message.operationId(),
                message.conversationId(),
                message,
                stored.seq(),
                stored.agent(),
                stored.channel(),
                stored.userId(),
                stored.createdBy(),
                prompt,
                parameters,
                stored.epoch(),
                stored.queued() || deliveries.delivers(stored.channel()),
                stored.startedAt(),
                burst);
    }

    /**
     * Stores the reply, what it cost, and its sends, its event or its draft, and closes the operation. When another
     * attempt closed it before, that one's answer is returned.
     *
     * @throws Problem 409 MESSAGE_SUPERSEDED when a person took the conversation over meanwhile: nothing is stored
     */
    public Answer complete(Turn turn, Outcome outcome) {
        UUID reply = Ids.next();
        String text = PlainText.storable(outcome.run().text());
        Optional<HandoffWish> wish = wish(turn, outcome);
        if (!deliveries.delivers(turn.channel())) {
            MessageEvent sent = event(turn, MessageEvent.Kind.SENT, reply, clock.instant());
            Optional<Instant> storedAt = wish.isEmpty() && turn.epoch() == 0
                    ? outcomes.answer(database, turn, reply, text, outcome, sent)
                    : answerLocked(turn, reply, text, outcome, sent, wish);
            return storedAt.map(at -> answer(turn, outcome, reply, text, at))
                    .orElseGet(() -> database.inTenant(turn.tenant(), handle -> earlier(handle, turn)));
        }
        return database.inTenant(turn.tenant(), handle -> {
            // The conversation before its operations, as a take-over locks them.
            wish.ifPresent(asked -> handoffs.look(handle, turn.tenant(), turn.conversationId()));
            closed.forget(handle, turn.tenant(), turn.conversationId());
            Verdict verdict = rules.verdict(
                    handle,
                    turn.tenant(),
                    turn.agent(),
                    turn.channel(),
                    turn.message().id());
            Optional<Instant> storedAt = verdict == Verdict.SENT
                    ? outcomes.complete(handle, turn, reply, text, outcome)
                    : outcomes.draft(handle, turn, outcome);
            if (storedAt.isEmpty()) {
                return earlier(handle, turn);
            }
            replaceUnsent(handle, turn);
            if (verdict != Verdict.SENT) {
                drafts.keep(handle, turn.tenant(), reply(turn, outcome, reply, text), verdict);
            } else {
                deliveries.plan(
                        handle,
                        turn.tenant(),
                        turn.conversationId(),
                        reply,
                        turn.operationId(),
                        OutboundReply.of(text),
                        Purpose.REPLY,
                        turn.epoch());
            }
            wish.ifPresent(asked -> handoffs.request(handle, turn.tenant(), asked));
            return answer(turn, outcome, reply, text, storedAt.get());
        });
    }

    /**
     * Stores an answer where people have, or had, a say; empty when it is not wanted any more. What they gave back and
     * nobody answered is answered with it: the agent was told of that. Then the conversation waits for a person, if the
     * agent wishes so.
     */
    private Optional<Instant> answerLocked(
            Turn turn, UUID reply, String text, Outcome outcome, MessageEvent sent, Optional<HandoffWish> wish) {
        return database.inTenant(turn.tenant(), handle -> {
            // The conversation before its operations, as a take-over locks them.
            handoffs.look(handle, turn.tenant(), turn.conversationId());
            Optional<Instant> storedAt = outcomes.complete(handle, turn, reply, text, outcome);
            if (storedAt.isPresent()) {
                outbox.append(handle, turn.tenant(), sent);
                outcomes.joinQueued(handle, turn.tenant(), turn.conversationId(), turn.operationId());
                wish.ifPresent(asked -> handoffs.request(handle, turn.tenant(), asked));
            }
            return storedAt;
        });
    }

    /** The answer of the attempt that closed the operation; where another one has the message, that is not this one's. */
    private Answer earlier(Handle handle, Turn turn) {
        Optional<Stored> stored = repository.findByOperation(handle, turn.tenant(), turn.operationId());
        return stored.map(Stored::answer)
                .orElseThrow(() -> new Problem(
                        stored.isEmpty() || stored.get().isAnothers(turn.epoch())
                                ? MessageProblem.MESSAGE_SUPERSEDED
                                : MessageProblem.MESSAGE_GIVEN_UP));
    }

    /** A message that a person is to answer; empty when it is the bot's, or was answered. */
    public Optional<Held> held(TenantId tenant, UUID operation) {
        return database.inTenant(tenant, handle -> repository
                .findByOperation(handle, tenant, operation)
                .filter(Stored::held)
                .map(Stored::asHeld));
    }

    /** Notes the price of an answer that is stored; returns the answer with it. */
    public Answer price(Turn turn, Answer answer, @Nullable Long credits) {
        outcomes.price(database, turn, credits, clock.instant());
        return answer.costing(credits);
    }

    private static Answer answer(Turn turn, Outcome outcome, UUID reply, String text, Instant storedAt) {
        return new Answer(
                turn.message().answered(),
                new Answer.Reply(
                        reply,
                        text,
                        outcome.run().promptVersion(),
                        outcome.run().promptVersionId(),
                        outcome.run().finishReason(),
                        storedAt),
                new Answer.Usage(
                        outcome.credits(),
                        outcome.run().usage().inputTokens(),
                        outcome.run().usage().outputTokens()),
                turn.operationId(),
                outcome.run().toolCalls());
    }

    private static Reply reply(Turn turn, Outcome outcome, UUID id, String text) {
        return new Reply(
                id,
                turn.conversationId(),
                turn.operationId(),
                turn.message().id(),
                turn.seq(),
                turn.agent(),
                turn.channel(),
                turn.epoch(),
                text,
                outcome.run().promptVersion(),
                outcome.run().promptVersionId(),
                outcome.run().finishReason());
    }

    /** Where people can be spoken to, the agent's wish for one. */
    private static Optional<HandoffWish> wish(Turn turn, Outcome outcome) {
        return Optional.ofNullable(outcome.run().handoff())
                .filter(asked -> HandoffService.isOpenToPeople(turn.channel()))
                .map(asked -> new HandoffWish(
                        turn.conversationId(),
                        turn.operationId(),
                        turn.channel(),
                        turn.agent(),
                        PlainText.storable(asked.reason()),
                        asked.summary() == null ? null : PlainText.storable(asked.summary())));
    }

    /** Puts an answer in the place of those that were never sent, in the transaction that stores it. */
    private void replaceUnsent(Handle handle, Turn turn) {
        if (turn.burst() != null && turn.burst().paid()) {
            deliveries.withdraw(handle, turn.tenant(), turn.burst().unsent());
            drafts.supersede(handle, turn.tenant(), turn.burst().unsent(), turn.operationId());
            outcomes.merge(handle, turn.tenant(), turn.burst().unsent(), turn.operationId());
        }
    }

    /** Notes that policy refused. */
    public void refuse(Turn turn, String reasonCode, String decision) {
        close(turn, "REFUSED", reasonCode, decision);
    }

    /** Notes that the message will not be answered. */
    public void fail(Turn turn, String problemCode) {
        close(turn, "FAILED", problemCode, null);
    }

    private void close(Turn turn, String state, String code, @Nullable String decision) {
        database.useTenant(turn.tenant(), handle -> {
            boolean closed = outcomes.close(handle, turn, state, code, decision);
            if (closed && turn.queued()) {
                outbox.append(
                        handle,
                        turn.tenant(),
                        event(turn, MessageEvent.Kind.FAILED, turn.message().id(), clock.instant()));
            }
        });
    }

    /**
     * Leaves a message that nobody waits with to be answered a while later, by whichever replica looks then; false when it was tried
     * often enough and waited too long.
     */
    public boolean postpone(Turn turn) {
        Duration longest = config.retryWindow().dividedBy(ATTEMPTS_IN_A_WINDOW);
        return database.inTenant(
                turn.tenant(),
                handle -> repository.postpone(
                        handle, turn.tenant(), turn.operationId(), config.retryPause(), longest, config.retryWindow()));
    }

    /** Whether what is said in its conversation is sent, and may be written in pieces. */
    public boolean isOnMessenger(Turn turn) {
        return deliveries.delivers(turn.channel());
    }

    /** Whether an operation still waits for its end. */
    public boolean isOpen(TenantId tenant, UUID operation) {
        return database.inTenant(tenant, handle -> repository
                .findByOperation(handle, tenant, operation)
                .map(Stored::open)
                .orElse(false));
    }

    /** Whether an operation has its answer, or its draft: whoever stored that charges it too. */
    public boolean isAnswered(Turn turn) {
        return database.inTenant(turn.tenant(), handle -> repository
                .findByOperation(handle, turn.tenant(), turn.operationId())
                .map(Stored::answered)
                .orElse(false));
    }

    /** Takes over operations of any tenant whose process died; returns what can still be answered. */
    public List<Turn> takeOverAbandoned(int limit) {
        List<TurnRepository.Abandoned> found = database.acrossTenants(handle -> repository.abandoned(handle, limit));
        List<Turn> turns = new ArrayList<>();
        for (TurnRepository.Abandoned abandoned : found) {
            database.inTenant(abandoned.tenant(), handle -> takeOver(handle, abandoned))
                    .ifPresent(turns::add);
        }
        return turns;
    }

    private Optional<Turn> takeOver(Handle handle, TurnRepository.Abandoned abandoned) {
        TenantId tenant = abandoned.tenant();
        boolean takesTurns =
                !deliveries.delivers(abandoned.channel()) && HandoffService.isOpenToPeople(abandoned.channel());
        if (takesTurns && !repository.isDue(handle, tenant, abandoned.operation())) {
            return Optional.empty();
        }
        if (takesTurns && !takeTurn(handle, tenant, abandoned.conversation(), abandoned.operation())) {
            repository.putOff(handle, tenant, abandoned.operation(), UNTIL_NEXT_TURN);
            return Optional.empty();
        }
        if (!repository.takeOver(handle, tenant, abandoned.operation(), takesTurns, abandonedSeconds())) {
            return Optional.empty();
        }
        return repository
                .findByOperation(handle, tenant, abandoned.operation())
                .map(stored -> turn(handle, tenant, stored, null, null));
    }

    /** Earlier attempts of a turn's messages that a person ended, and of which nobody knows what was charged. */
    public List<UUID> unsettledBefore(Handle handle, TenantId tenant, UUID operation) {
        return repository.unsettledBefore(handle, tenant, operation);
    }

    /** As {@link #unsettledBefore(Handle, TenantId, UUID)}, in a transaction of its own. */
    public List<UUID> unsettledBefore(Turn turn) {
        return database.inTenant(turn.tenant(), handle -> unsettledBefore(handle, turn.tenant(), turn.operationId()));
    }

    /** Ends operations in a later one, with all that had ended in them before. */
    public void merge(Handle handle, TenantId tenant, List<UUID> operations, UUID into) {
        outcomes.merge(handle, tenant, operations, into);
    }

    /** Notes what a run cost. */
    public void noteCost(Handle handle, Turn turn, Outcome outcome) {
        outcomes.noteCost(handle, turn, outcome);
    }

    /** As {@link #noteCost(Handle, Turn, Outcome)}, in a transaction of its own. */
    public void noteCost(Turn turn, Outcome outcome) {
        database.useTenant(turn.tenant(), handle -> outcomes.noteCost(handle, turn, outcome));
    }

    /** The context that an agent is told: what fits of those earlier messages, and the new one's content. */
    public List<PromptMessage> prompt(List<History.Line> newestFirst, Object content) {
        return History.prompt(newestFirst, content, config.historyMessages(), config.historyTokens());
    }

    /** How many earlier messages are read to choose from. */
    public int historyRead() {
        return config.historyMessages() + HISTORY_SURPLUS;
    }

    /** The most characters of a conversation that an agent is told. */
    public long longestContext() {
        return History.characters(config.historyTokens());
    }

    /** After how many seconds an operation without an end is taken up by the sweeper. */
    public double abandonedSeconds() {
        return Columns.seconds(config.abandonedAfter());
    }

    private static MessageEvent event(Turn turn, MessageEvent.Kind kind, UUID message, Instant at) {
        return MessageEvent.of(
                kind, message, turn.conversationId(), turn.operationId(), turn.channel(), turn.agent(), at);
    }
}
