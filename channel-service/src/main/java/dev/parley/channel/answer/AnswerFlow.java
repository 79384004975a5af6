package dev.parley.channel.answer;

import dev.parley.channel.admission.AdmissionFlow;
import dev.parley.channel.burst.BurstService;
import dev.parley.channel.handoff.HandoffService;
import dev.parley.channel.media.MediaService;
import dev.parley.channel.media.MediaService.Uploads;
import dev.parley.channel.outbound.AgentClient;
import dev.parley.channel.outbound.DecisionRequest;
import dev.parley.channel.outbound.Deltas;
import dev.parley.channel.outbound.PolicyClient;
import dev.parley.channel.outbound.PolicyDecision;
import dev.parley.channel.outbound.RunRequest;
import dev.parley.channel.outbound.RunResult;
import dev.parley.channel.outbound.Settlement;
import dev.parley.channel.turn.Answer;
import dev.parley.channel.turn.AnswerConfig;
import dev.parley.channel.turn.Closed;
import dev.parley.channel.turn.ClosedService;
import dev.parley.channel.turn.FileTokens;
import dev.parley.channel.turn.MessageProblem;
import dev.parley.channel.turn.Outcome;
import dev.parley.channel.turn.Turn;
import dev.parley.channel.turn.TurnService;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers a stored message: decide and hold, run the agent, store the reply, settle; for callers of chat completions the
 * last two the other way round, because nobody takes their conversations over.
 *
 * <p>The one way for every channel. Each step is known to its service by the operation, so an attempt that died
 * anywhere is simply made again. A failed run gives the hold back; nothing is debited for nothing delivered.
 */
@ApplicationScoped
public class AnswerFlow {
    private static final int UNAVAILABLE = 503;
    private static final int CONFLICT = 409;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final String NOT_READY = "AGENT_NOT_READY";

    /** The agent is not to answer such a message, as the tenant set it. */
    private static final Set<String> IGNORED = Set.of("MESSAGE_IGNORED", "CHANNEL_IGNORED");

    private final TurnService turns;
    private final AdmissionFlow admissions;
    private final BurstService bursts;
    private final ClosedService closing;
    private final PolicyClient policy;
    private final ChargeFlow charges;
    private final MediaService media;
    private final AgentClient agents;
    private final AnswerConfig config;
    private final Clock clock;
    private final ConcurrentHashMap<UUID, CompletableFuture<Answer>> running = new ConcurrentHashMap<>();

    AnswerFlow(
            TurnService turns,
            AdmissionFlow admissions,
            BurstService bursts,
            ClosedService closing,
            PolicyClient policy,
            ChargeFlow charges,
            MediaService media,
            AgentClient agents,
            AnswerConfig config,
            Clock clock) {
        this.turns = turns;
        this.admissions = admissions;
        this.bursts = bursts;
        this.closing = closing;
        this.policy = policy;
        this.charges = charges;
        this.media = media;
        this.agents = agents;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Answers, and returns when the reply is stored. Who asks for a message that is being answered already waits for
     * that answer for a while.
     *
     * @param deltas sees the reply being written; {@link Deltas#NONE} runs the agent without a stream
     * @throws Problem policy's refusal (402, 403, 429), the agent's (403), its failure (409, 422, 502, 504), or 503 when a part
     *     is away; then the message is marked. One that nobody waits with, as a messenger's, waits to be tried again while a
     *     part or the model is away, as long as {@link AnswerConfig#retryWindow()}
     */
    public Answer answer(Turn turn, Deltas deltas) {
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> first = running.putIfAbsent(turn.operationId(), mine);
        if (first != null) {
            return await(first);
        }
        try {
            Operation.enter(turn.operationId());
            Operation.tenant(turn.tenant());
            Answer answer = attempt(turn, deltas);
            mine.complete(answer);
            return answer;
        } catch (RuntimeException failure) {
            admissions.turnEnded(turn.conversationId());
            mine.completeExceptionally(failure);
            throw failure;
        } finally {
            running.remove(turn.operationId(), mine);
        }
    }

    /** Gives up a message whose asker is gone and who must not be charged for it. */
    void giveUp(Turn turn) {
        charges.release(turn, null, "the asker is gone");
        turns.fail(turn, MessageProblem.MESSAGE_GIVEN_UP.name());
    }

    private Answer attempt(Turn turn, Deltas deltas) {
        PolicyDecision decision;
        boolean paid;
        try {
            paid = isPaid(turn);
            decision = policy.decide(turn.tenant(), question(turn));
        } catch (Problem problem) {
            throw notDecided(turn, problem);
        }
        Instant decidedAt = clock.instant();
        if (!decision.allow()) {
            turns.refuse(turn, String.valueOf(decision.reasonCode()), decision.decisionId());
            throw decision.denial(decidedAt);
        }
        RunResult run = shown(turn, decision, deltas);
        Outcome outcome = new Outcome(decision, decidedAt, run, clock.instant(), null, null);
        if (turn.burst() != null) {
            return answer(turn, outcome, paid);
        }
        return HandoffService.isOpenToPeople(turn.channel())
                ? answerOnce(turn, outcome, paid)
                : turns.complete(turn, priced(outcome, charges.message(turn, decision, run)));
    }

    /** Whether the message's price was paid before: with an answer that this one replaces, or by an earlier attempt. */
    private boolean isPaid(Turn turn) {
        if (turn.burst() != null) {
            return charges.takenOver(turn, turn.burst().abandoned())
                    || turn.burst().paid();
        }
        return turn.epoch() > 0 && charges.takenOver(turn, turns.unsettledBefore(turn));
    }

    /** The customer may get a person's answer instead: the message is charged when it is certain that there is this one. */
    private Answer answerOnce(Turn turn, Outcome outcome, boolean paid) {
        if (paid) {
            return complete(turn, priced(outcome, charges.tokens(turn, outcome.decision(), outcome.run())));
        }
        Answer answer = complete(turn, outcome);
        Settlement settlement = charges.message(turn, outcome.decision(), outcome.run());
        return settlement == null ? answer : turns.price(turn, answer, settlement.credits());
    }

    /** Stores the answer; of one that is not wanted any more what it used is charged. */
    private Answer complete(Turn turn, Outcome outcome) {
        try {
            Answer answer = turns.complete(turn, outcome);
            // The next message need not wait for the price of this one.
            admissions.turnEnded(turn.conversationId());
            return answer;
        } catch (Problem problem) {
            if (problem.type() == MessageProblem.MESSAGE_GIVEN_UP
                    || problem.type() == MessageProblem.MESSAGE_SUPERSEDED) {
                noteUnwanted(turn, outcome, turns::noteCost);
            }
            throw problem;
        }
    }

    /**
     * On a messenger an answer may not be wanted any more when it is there. Where no message is to be charged that is
     * said before anything else is; where one is, after it is certain that there is one.
     */
    private Answer answer(Turn turn, Outcome outcome, boolean paid) {
        if (!bursts.wants(turn)) {
            noteUnwanted(turn, outcome, bursts::discard);
            throw new Problem(MessageProblem.MESSAGE_SUPERSEDED);
        }
        return answerOnce(turn, outcome, paid);
    }

    /**
     * Where an attempt that died had charged the message already, the later turn finds that out for itself. What another
     * replica has answered meanwhile is not unwanted, and charged there: nothing is charged before that.
     */
    private void noteUnwanted(Turn turn, Outcome outcome, BiConsumer<Turn, Outcome> noting) {
        if (turns.isAnswered(turn)) {
            throw new Problem(MessageProblem.MESSAGE_IN_PROGRESS).header("Retry-After", "1");
        }
        Settlement charged = charges.tokens(turn, outcome.decision(), outcome.run());
        noting.accept(turn, charged.messageCharged() ? outcome : priced(outcome, charged));
    }

    private Outcome priced(Outcome outcome, @Nullable Settlement settlement) {
        return settlement == null ? outcome : outcome.priced(settlement.credits(), clock.instant());
    }

    private DecisionRequest question(Turn turn) {
        Map<String, Long> estimate = new HashMap<>();
        estimate.put("message", 1L);
        long parameters = turn.parameters() == null ? 0 : turn.parameters().estimate();
        estimate.put("llm.input_tokens", turn.expectedTokens(keptTokens(turn)) + parameters);
        if (turn.parameters() != null && turn.parameters().maxTokens() != null) {
            estimate.put("llm.output_tokens", turn.parameters().maxTokens().longValue());
        }
        return new DecisionRequest(
                turn.operationId(),
                turn.agent(),
                turn.channel(),
                turn.userId(),
                turn.conversationId(),
                estimate,
                true,
                turn.burst() == null
                        ? null
                        : new DecisionRequest.Contact(turn.burst().optedOut()));
    }

    private Map<UUID, Long> keptTokens(Turn turn) {
        List<UUID> kept = turn.keptPictures();
        Map<UUID, Long> tokens = new HashMap<>();
        if (!kept.isEmpty()) {
            media.uploaded(turn.tenant(), kept)
                    .forEach((id, one) -> tokens.put(id, FileTokens.of(one.mediaType(), one.told())));
        }
        return tokens;
    }

    /** Nothing was called yet, and if policy did hold something without our knowing, the hold expires. */
    private Problem notDecided(Turn turn, Problem problem) {
        if (triesAgain(turn, problem)) {
            turns.letGo(turn);
        } else {
            turns.fail(turn, problem.type().name());
        }
        return problem;
    }

    /** A messenger's message is read again from its event; what was given back of the web has nobody but the sweeper. */
    private boolean triesAgain(Turn turn, Problem problem) {
        if (!turn.queued() || problem.type().status() != UNAVAILABLE) {
            return false;
        }
        Duration age = Duration.between(turn.startedAt(), clock.instant());
        return turns.isOnMessenger(turn) ? age.compareTo(config.retryWindow()) < 0 : turns.postpone(turn);
    }

    /** With the bytes of what was uploaded: they are in memory only as long as the agent works. */
    private RunResult shown(Turn turn, PolicyDecision decision, Deltas deltas) {
        List<UUID> kept = turn.keptPictures();
        if (kept.isEmpty()) {
            return run(turn, decision, deltas);
        }
        Uploads uploads;
        try {
            uploads = media.uploads(turn.tenant(), kept);
        } catch (Problem problem) {
            charges.release(turn, decision.holdId(), problem.type().name());
            throw notDecided(turn, problem);
        }
        try (uploads) {
            return run(turn.resolving(uploads.addresses()), decision, deltas);
        }
    }

    private RunResult run(Turn turn, PolicyDecision decision, Deltas deltas) {
        RunRequest request = new RunRequest(
                turn.operationId(),
                turn.conversationId(),
                turn.agent(),
                turn.channel(),
                turn.prompt(),
                decision.limits(),
                turn.parameters(),
                decision.holdId(),
                turn.burst() == null ? null : RunRequest.Contact.of(turn.burst().language()));
        try {
            return deltas == Deltas.NONE
                    ? agents.run(turn.tenant(), request)
                    : agents.stream(turn.tenant(), request, deltas);
        } catch (Problem problem) {
            if (runsElsewhere(problem)) {
                throw new Problem(MessageProblem.MESSAGE_IN_PROGRESS, problem).header("Retry-After", "1");
            }
            if (problem.type().status() == UNAVAILABLE) {
                // The run may have ended without our hearing of it, and then it is paid. The operation stays open, so
                // that the client's repetition, or the sweep, takes up this very run instead of buying another.
                if (turn.queued() && !turns.isOnMessenger(turn)) {
                    turns.postpone(turn);
                }
                turns.letGo(turn);
                throw problem;
            }
            if (turn.queued() && modelMayComeBack(problem) && turns.postpone(turn)) {
                // Nobody is told of it who could ask again; what is held is kept for the next attempt.
                turns.letGo(turn);
                throw problem;
            }
            charges.release(turn, decision.holdId(), problem.type().name());
            end(turn, decision, problem);
            throw !turn.queued() && problem.type().name().equals(Closed.CODE) ? Closed.told(problem) : problem;
        } catch (RuntimeException failure) {
            charges.release(turn, decision.holdId(), "INTERNAL_ERROR");
            turns.fail(turn, "INTERNAL_ERROR");
            throw failure;
        }
    }

    private void end(Turn turn, PolicyDecision decision, Problem problem) {
        String code = problem.type().name();
        if (code.equals(Closed.CODE)) {
            closing.turnAway(turn, Closed.of(problem), decision.decisionId());
        } else if (IGNORED.contains(code)) {
            turns.refuse(turn, code, decision.decisionId());
        } else {
            turns.fail(turn, code);
        }
    }

    /** Another replica runs this very operation: neither its hold nor its message is ours to touch. */
    private static boolean runsElsewhere(Problem problem) {
        return problem.type().status() == CONFLICT
                && !NOT_READY.equals(problem.type().name());
    }

    private static boolean modelMayComeBack(Problem problem) {
        int status = problem.type().status();
        return (status == BAD_GATEWAY || status == GATEWAY_TIMEOUT)
                && problem.headers().containsKey("Retry-After");
    }

    private Answer await(CompletableFuture<Answer> first) {
        try {
            return first.get(config.repeatPatience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (TimeoutException stillRunning) {
            throw new Problem(MessageProblem.MESSAGE_IN_PROGRESS, stillRunning).header("Retry-After", "1");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new Problem(MessageProblem.MESSAGE_IN_PROGRESS, stopping).header("Retry-After", "1");
        }
    }
}
