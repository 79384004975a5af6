package dev.parley.agent.trial;

import dev.parley.agent.catalogue.AgentService;
import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.agent.prompt.CustomPromptsFlow;
import dev.parley.agent.prompt.PromptSelection;
import dev.parley.agent.prompt.PromptService;
import dev.parley.agent.prompt.PromptVersion;
import dev.parley.agent.prompt.golden.GoldenConversation;
import dev.parley.agent.prompt.golden.Trial;
import dev.parley.agent.prompt.golden.TrialService;
import dev.parley.agent.run.DraftRuns;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
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

    private final AgentService agents;
    private final PromptService prompts;
    private final PromptSelection selection;
    private final CustomPromptsFlow customPrompts;
    private final TrialService trials;
    private final DraftRuns runs;
    private final TrialConfig config;
    private final Clock clock;

    TrialFlow(
            AgentService agents,
            PromptService prompts,
            PromptSelection selection,
            CustomPromptsFlow customPrompts,
            TrialService trials,
            DraftRuns runs,
            TrialConfig config,
            Clock clock) {
        this.agents = agents;
        this.prompts = prompts;
        this.selection = selection;
        this.customPrompts = customPrompts;
        this.trials = trials;
        this.runs = runs;
        this.config = config;
        this.clock = clock;
    }

    /** Begins a trial of a platform's version and returns it while it runs; 409 when the agent has no golden conversations or the version is being tried. */
    Trial begin(Caller caller, UUID agentId, int number) {
        PromptService.Prepared draft = prompts.prepare(agentId, number);
        return begin(
                caller,
                TenantId.PLATFORM,
                agentId,
                number,
                draft,
                (prompt, said, tools) -> runs.rehearse(prompt, said, tools));
    }

    /**
     * As {@link #begin}, of a tenant's own version on the tenant's own golden conversations; each reply is charged as any
     * other. 403 when the plan has no versions of one's own.
     */
    Trial beginOwn(Caller caller, String slug, int number) {
        UUID agentId = agents.offered(slug);
        customPrompts.demand(caller.tenant());
        PromptVersion version = prompts.get(caller.tenant(), agentId, number);
        return begin(
                caller,
                caller.tenant(),
                agentId,
                number,
                new PromptService.Prepared(selection.preview(caller.tenant(), slug, version), version.contentHash()),
                (prompt, said, tools) -> runs.run(caller, prompt, said));
    }

    private Trial begin(
            Caller caller, TenantId owner, UUID agentId, int number, PromptService.Prepared draft, Ask ask) {
        TrialService.Begun begun = trials.begin(
                caller,
                owner,
                agentId,
                number,
                draft.contentHash(),
                config.deadline().plus(GRACE));
        Thread.ofVirtual()
                .name("trial-" + begun.trial().id())
                .start(() -> finish(caller, owner, draft.prompt(), begun, ask));
        return begun.trial();
    }

    /** The latest trial of a version; 404 when it was never tried. */
    Trial latest(UUID agentId, int number) {
        return trials.latest(TenantId.PLATFORM, agentId, number);
    }

    /** As {@link #latest}, of a tenant's own version. */
    Trial latestOwn(TenantId tenant, String slug, int number) {
        return trials.latest(tenant, agents.offered(slug), number);
    }

    /** Answers what an admin typed with a version, whatever its status; nothing is stored. 502 or 504 as a run. */
    TryResponse tryOut(UUID agentId, int number, TryRequest request) {
        ActivePrompt prompt = prompts.prepare(agentId, number).prompt().filled(request.values());
        Instant from = clock.instant();
        DraftRuns.Answer answer = runs.rehearse(prompt, request.conversation(), List.of());
        return TryResponse.of(answer, Duration.between(from, clock.instant()).toMillis());
    }

    /** Asks a version, for the platform or for a tenant. */
    @FunctionalInterface
    private interface Ask {
        DraftRuns.Answer of(ActivePrompt prompt, List<DraftRuns.Said> conversation, List<String> tools);
    }

    private void finish(Caller caller, TenantId owner, ActivePrompt prompt, TrialService.Begun begun, Ask ask) {
        try {
            trials.finish(caller, owner, begun.trial(), hold(prompt, begun.conversations(), ask));
        } catch (RuntimeException | InterruptedException lost) {
            LOG.warnf(lost, "trial %s is given up", begun.trial().id());
        }
    }

    private Trial.Result hold(ActivePrompt prompt, List<GoldenConversation> conversations, Ask ask)
            throws InterruptedException {
        Instant from = clock.instant();
        List<Trial.Outcome> outcomes = new ArrayList<>();
        try (ExecutorService some = Executors.newFixedThreadPool(
                config.parallel(), Thread.ofVirtual().factory())) {
            List<Callable<Trial.Outcome>> all = conversations.stream()
                    .<Callable<Trial.Outcome>>map(conversation -> () -> hold(prompt, conversation, ask))
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

    private Trial.Outcome hold(ActivePrompt prompt, GoldenConversation conversation, Ask ask) {
        ActivePrompt filled = prompt.filled(conversation.variables());
        List<DraftRuns.Said> said = new ArrayList<>();
        List<Trial.Reply> turns = new ArrayList<>();
        for (GoldenConversation.Turn turn : conversation.turns()) {
            said.add(new DraftRuns.Said("user", turn.user()));
            Instant from = clock.instant();
            DraftRuns.Answer answer;
            try {
                answer = ask.of(filled, List.copyOf(said), conversation.tools());
            } catch (Problem failure) {
                return broken(
                        conversation, failure.detail() == null ? failure.type().title() : failure.detail(), turns);
            }
            said.add(new DraftRuns.Said("assistant", answer.text()));
            turns.add(new Trial.Reply(
                    turn.user(),
                    answer.text(),
                    answer.finishReason(),
                    TryResponse.cost(answer),
                    Duration.between(from, clock.instant()).toMillis(),
                    turn.expect().stream()
                            .map(expectation -> expectation.judge(answer.text()))
                            .toList()));
        }
        boolean passed = turns.stream().allMatch(Trial.Reply::passed);
        return new Trial.Outcome(conversation.id(), conversation.name(), passed, null, turns);
    }
}
