package dev.parley.agent.run;

import dev.parley.agent.configuration.Configuration;
import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.agent.prompt.PromptSelection;
import dev.parley.agent.provider.LlmFormat;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmProviders;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTools;
import dev.parley.agent.tool.JsonForm;
import dev.parley.agent.tool.ToolBox;
import dev.parley.agent.tool.ToolConfig;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The first two steps of a run: chooses the prompt version, and puts together what is asked of the model. */
@ApplicationScoped
class RunPlanner {
    private static final RunRequest.Limits NO_LIMITS = new RunRequest.Limits(null, null);
    private static final RunRequest.Parameters NO_WISHES =
            new RunRequest.Parameters(null, null, null, null, null, null);

    private final PromptSelection prompts;
    private final Intake intake;
    private final ToolBox toolBox;
    private final ToolConfig toolConfig;
    private final Memories memories;
    private final LlmProviders providers;
    private final RunConfig config;

    RunPlanner(
            PromptSelection prompts,
            Intake intake,
            ToolBox toolBox,
            ToolConfig toolConfig,
            Memories memories,
            LlmProviders providers,
            RunConfig config) {
        this.prompts = prompts;
        this.intake = intake;
        this.toolBox = toolBox;
        this.toolConfig = toolConfig;
        this.memories = memories;
        this.providers = providers;
        this.config = config;
    }

    /**
     * Plans a run; nothing is called or stored.
     *
     * @throws Problem when the agent cannot answer, does not take the message as its tenant set it, or the conversation is
     *     unusable
     */
    RunPlan plan(TenantId tenant, RunRequest request) {
        ActivePrompt prompt = choose(tenant, request);
        List<String> configured = prompt.configuration().tools();
        List<LlmMessage> conversation = MessageReader.read(request.messages());
        intake.check(tenant, prompt.configuration(), request, conversation.getLast());
        return plan(
                tenant,
                prompt,
                request,
                configured == null ? List.of() : configured,
                conversation,
                memories.recall(tenant, request, conversation).memory());
    }

    /** Plans what a version is asked, on duty or not, without any memory; nothing is called or stored. */
    RunPlan plan(TenantId tenant, ActivePrompt prompt, RunRequest request, Collection<String> configured) {
        return plan(tenant, prompt, request, configured, MessageReader.read(request.messages()), Memory.NONE);
    }

    private RunPlan plan(
            TenantId tenant,
            ActivePrompt prompt,
            RunRequest request,
            Collection<String> configured,
            List<LlmMessage> conversation,
            Memory memory) {
        RunRequest.Parameters wishes = request.parameters() == null ? NO_WISHES : request.parameters();
        Set<String> granted = granted(tenant, request, wishes, configured);
        LlmRequest ask = assemble(tenant, prompt, request, wishes, granted, conversation, memory);
        return new RunPlan(
                prompt.number(),
                prompt.versionId(),
                prompt.releaseId(),
                prompt.endpoint(),
                ask,
                granted,
                Budget.of(request.limits(), ask.maxTokens(), toolConfig.maxTokens()),
                form(ask.format()),
                isMessenger(request),
                answersKept(prompt.configuration().answerCache()),
                memory,
                null,
                false);
    }

    /**
     * Functions are denied unless the tenant's configuration or the run names them; a caller that brings its own gets none
     * of ours.
     */
    private Set<String> granted(
            TenantId tenant, RunRequest request, RunRequest.Parameters wishes, Collection<String> configured) {
        if (wishes.tools() != null && !wishes.tools().isEmpty()) {
            return Set.of();
        }
        Set<String> granted = new HashSet<>();
        if (request.toolsAllowed() != null) {
            granted.addAll(request.toolsAllowed());
        }
        granted.addAll(configured);
        if (config.callerChannels().contains(request.channel())) {
            granted.removeAll(toolBox.needingStaff());
        }
        return toolBox.known(tenant, granted);
    }

    private boolean isMessenger(RunRequest request) {
        return !config.directChannels().contains(request.channel());
    }

    private Duration answersKept(Configuration.AnswerCache kept) {
        if (kept == null || !kept.enabled()) {
            return null;
        }
        return kept.maxAgeSeconds() == null ? config.answersKept() : Duration.ofSeconds(kept.maxAgeSeconds());
    }

    /** What checks the form that is asked for; null where none is. */
    static JsonForm form(LlmFormat format) {
        if (format == null) {
            return null;
        }
        try {
            return format.schema() == null ? JsonForm.anyObject() : JsonForm.of(format.schema());
        } catch (IllegalArgumentException unusable) {
            throw new Problem(RunProblem.MESSAGE_INVALID, unusable)
                    .detail("response_format.json_schema.schema is not a usable JSON Schema.");
        }
    }

    /** The one place where a prompt version is chosen and its variables are filled. */
    private ActivePrompt choose(TenantId tenant, RunRequest request) {
        return prompts.select(tenant, request.agent(), request.conversationId());
    }

    private LlmRequest assemble(
            TenantId tenant,
            ActivePrompt prompt,
            RunRequest request,
            RunRequest.Parameters wishes,
            Set<String> granted,
            List<LlmMessage> conversation,
            Memory memory) {
        RunRequest.Limits limits = request.limits() == null ? NO_LIMITS : request.limits();
        int room = limits.maxInputTokens() == null
                ? config.maxInputTokens()
                : Math.min(limits.maxInputTokens(), config.maxInputTokens());
        String system = prompt.systemPrompt(known(request));
        LlmTools tools = granted.isEmpty()
                ? ToolReader.readTools(wishes.tools(), wishes.toolChoice())
                : LlmTools.offer(toolBox.offered(tenant, granted));
        LlmFormat format = ToolReader.readFormat(wishes.responseFormat());
        List<LlmMessage> context = ContextAssembly.assemble(
                system,
                told(
                        memory.told(),
                        toolBox.decided(tenant, request.conversationId(), request.agent(), granted)
                                .orElse(null)),
                // Files that none of those reads who may be asked would take room from what can be answered.
                LlmMessage.readable(memory.since(conversation), providers.readsSomewhere(prompt.endpoint())),
                room - TokenEstimate.of(tools) - TokenEstimate.of(format));
        return new LlmRequest(
                prompt.model(),
                context,
                wishes.temperature() == null ? prompt.temperature() : wishes.temperature(),
                lowest(prompt.maxTokens(), limits.maxOutputTokens(), wishes.maxTokens()),
                MessageReader.readStop(wishes.stop()),
                tools,
                format);
    }

    /** What is remembered and what people decided, as the user's words: nothing of it becomes an instruction. */
    private static LlmMessage told(LlmMessage remembered, String decided) {
        if (decided == null) {
            return remembered;
        }
        return LlmMessage.of(LlmMessage.Role.USER, remembered == null ? decided : remembered.text() + "\n\n" + decided);
    }

    /** What every prompt may name beside its own variables; a language that nobody said is the prompt's own. */
    private static Map<String, String> known(RunRequest request) {
        String language = request.contact() == null ? null : request.contact().language();
        return language == null
                ? Map.of("agent", request.agent(), "channel", request.channel())
                : Map.of("agent", request.agent(), "channel", request.channel(), "language", language);
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
