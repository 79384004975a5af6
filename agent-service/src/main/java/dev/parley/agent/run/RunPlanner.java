package dev.parley.agent.run;

import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.agent.prompt.PromptSelection;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** The first two steps of a run: chooses the prompt version, and puts together what is asked of the model. */
@ApplicationScoped
class RunPlanner {
    private static final RunRequest.Limits NO_LIMITS = new RunRequest.Limits(null, null);
    private static final RunRequest.Parameters NO_WISHES = new RunRequest.Parameters(null, null, null);

    private final PromptSelection prompts;
    private final RunConfig config;

    RunPlanner(PromptSelection prompts, RunConfig config) {
        this.prompts = prompts;
        this.config = config;
    }

    /**
     * Plans a run; nothing is called or stored.
     *
     * @throws Problem when the agent cannot answer, or the conversation is unusable
     */
    RunPlan plan(TenantId tenant, RunRequest request) {
        ActivePrompt prompt = choose(tenant, request);
        return new RunPlan(prompt, assemble(prompt, request));
    }

    /** The one place where a prompt version is chosen and its variables are filled. */
    private ActivePrompt choose(TenantId tenant, RunRequest request) {
        return prompts.select(tenant, request.agent(), request.conversationId());
    }

    private LlmRequest assemble(ActivePrompt prompt, RunRequest request) {
        RunRequest.Limits limits = request.limits() == null ? NO_LIMITS : request.limits();
        RunRequest.Parameters wishes = request.parameters() == null ? NO_WISHES : request.parameters();
        int room = limits.maxInputTokens() == null
                ? config.maxInputTokens()
                : Math.min(limits.maxInputTokens(), config.maxInputTokens());
        String system = prompt.systemPrompt(Map.of("agent", request.agent(), "channel", request.channel()));
        List<LlmMessage> context = ContextAssembly.assemble(system, MessageReader.read(request.messages()), room);
        return new LlmRequest(
                prompt.model(),
                context,
                wishes.temperature() == null ? prompt.temperature() : wishes.temperature(),
                lowest(prompt.maxTokens(), limits.maxOutputTokens(), wishes.maxTokens()),
                MessageReader.readStop(wishes.stop()));
    }

    /** The lowest of the limits that are set; null when none is. */
    static Integer lowest(Integer... limits) {
        Integer lowest = null;
        for (Integer limit : limits) {
            if (limit != null && (lowest == null || limit < lowest)) {
                lowest = limit;
            }
        }
        return lowest;
    }
}
