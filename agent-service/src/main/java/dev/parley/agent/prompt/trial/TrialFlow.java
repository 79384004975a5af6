package dev.parley.agent.prompt.trial;

import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.agent.prompt.PromptService;
import dev.parley.agent.prompt.golden.GoldenConversation;
import dev.parley.agent.prompt.golden.Trial;
import dev.parley.agent.prompt.golden.TrialService;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tries versions: on golden conversations, beside the request, some at a time and until a deadline; or on what an admin
 * types, at once.
 */
@ApplicationScoped
public class TrialFlow {
    private static final Logger LOG = Logger.getLogger(TrialFlow.class);

    private static final Duration GRACE = Duration.ofMinutes(2);

    private final PromptService prompts;
    private final TrialService trials;
    private final DraftCall call;
    private final TrialConfig config;
    private final Clock clock;

    TrialFlow(PromptService prompts, TrialService trials, DraftCall call, TrialConfig config, Clock clock) {
        this.prompts = prompts;
        this.trials = trials;
        this.call = call;
        this.config = config;
        this.clock = clock;
    }

    /** Begins a trial and returns it while it runs; 409 when the agent has no golden conversations or the version is being tried. */
    Trial begin(Caller caller, UUID agentId, int number) {
        PromptService.Prepared draft = prompts.prepare(agentId, number);
        TrialService.Begun begun = trials.begin(
                caller, agentId, number, draft.contentHash(), config.deadline().plus(GRACE));
        Thread.ofVirtual().name("trial-" + begun.trial().id()).start(() -> finish(caller, draft.prompt(), begun));
        return begun.trial();
    }

    /** The latest trial of a version; 404 when it was never tried. */
    Trial latest(UUID agentId, int number) {
        return trials.latest(agentId, number);
    }

    /** Answers what an admin typed with a version, whatever its status; nothing is stored. 502 or 504 as a run. */
    TryResponse tryOut(UUID agentId, int number, TryRequest request) {
        ActivePrompt prompt = prompts.prepare(agentId, number).prompt();
        try {
            return TryResponse.of(prompt, call.ask(prompt, request.values(), request.conversation()));
        } catch (LlmFailure failure) {
            TrialProblem type = failure.reason() == LlmFailure.Reason.TIMEOUT
                    ? TrialProblem.PROVIDER_TIMEOUT
                    : TrialProblem.PROVIDER_FAILED;
            throw new Problem(type, failure).detail(failure.getMessage());
        }
    }

    private void finish(Caller caller, ActivePrompt prompt, TrialService.Begun begun) {
        try {
            trials.finish(caller, begun.trial(), hold(prompt, begun.conversations()));
        } catch (RuntimeException | InterruptedException lost) {
            LOG.warnf(lost, "trial %s is given up", begun.trial().id());
        }
    }

    private Trial.Result hold(ActivePrompt prompt, List<GoldenConversation> conversations) throws InterruptedException {
        Instant from = clock.instant();
        List<Trial.Outcome> outcomes = new ArrayList<>();
        try (ExecutorService some = Executors.newFixedThreadPool(
                config.parallel(), Thread.ofVirtual().factory())) {
            List<Callable<Trial.Outcome>> all = conversations.stream()
                    .<Callable<Trial.Outcome>>map(conversation -> () -> hold(prompt, conversation))
                    .toList();
            List<Future<Trial.Outcome>> held =
                    some.invokeAll(all, config.deadline().toMillis(), TimeUnit.MILLISECONDS);
            for (int i = 0; i < held.size(); i++) {
                outcomes.add(outcome(held.get(i), conversations.get(i)));
            }
        }
        Trial.Cost cost = outcomes.stream()
                .flatMap(outcome -> outcome.turns().stream())
                .map(Trial.Reply::cost)
                .reduce(Trial.Cost.NONE, Trial.Cost::plus);
        return new Trial.Result(
                outcomes, cost, Duration.between(from, clock.instant()).toMillis());
    }

    private static Trial.Outcome outcome(Future<Trial.Outcome> held, GoldenConversation conversation)
            throws InterruptedException {
        try {
            return held.get();
        } catch (CancellationException late) {
            return broken(conversation, "The trial's time was over.", List.of());
        } catch (ExecutionException bug) {
            LOG.error("a golden conversation was not held", bug.getCause());
            return broken(conversation, "The conversation could not be held.", List.of());
        }
    }

    private static Trial.Outcome broken(GoldenConversation conversation, String why, List<Trial.Reply> turns) {
        return new Trial.Outcome(conversation.id(), conversation.name(), false, why, turns);
    }

    private Trial.Outcome hold(ActivePrompt prompt, GoldenConversation conversation) {
        List<LlmMessage> said = new ArrayList<>();
        List<Trial.Reply> turns = new ArrayList<>();
        for (GoldenConversation.Turn turn : conversation.turns()) {
            said.add(LlmMessage.of(Role.USER, turn.user()));
            DraftCall.Answer answer;
            try {
                answer = call.ask(prompt, conversation.variables(), said);
            } catch (LlmFailure failure) {
                return broken(conversation, failure.getMessage(), turns);
            }
            said.add(LlmMessage.of(Role.ASSISTANT, answer.text()));
            turns.add(new Trial.Reply(
                    turn.user(),
                    answer.text(),
                    answer.finishReason(),
                    answer.cost(),
                    answer.durationMs(),
                    turn.expect().stream()
                            .map(expectation -> expectation.judge(answer.text()))
                            .toList()));
        }
        boolean passed = turns.stream().allMatch(Trial.Reply::passed);
        return new Trial.Outcome(conversation.id(), conversation.name(), passed, null, turns);
    }
}
