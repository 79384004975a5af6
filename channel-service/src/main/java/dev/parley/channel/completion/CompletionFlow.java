package dev.parley.channel.completion;

import dev.parley.channel.admission.AdmissionService;
import dev.parley.channel.admission.OutsideMessage;
import dev.parley.channel.answer.AnswerFlow;
import dev.parley.channel.answer.LiveAnswer;
import dev.parley.channel.outbound.AgentCatalogue;
import dev.parley.channel.outbound.AgentClient;
import dev.parley.channel.outbound.AgentSummary;
import dev.parley.channel.outbound.Deltas;
import dev.parley.channel.outbound.PolicyClient;
import dev.parley.channel.outbound.RunResult;
import dev.parley.channel.text.PlainText;
import dev.parley.channel.turn.Admission;
import dev.parley.channel.turn.Answer;
import dev.parley.platform.crypto.Sha256;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers chat completions by the same use case as every other message, on the channel {@code api}. */
@ApplicationScoped
class CompletionFlow {
    private static final String CHANNEL = "api";
    private static final String CALLS = "tool_calls";

    private final AgentCatalogue agents;
    private final AgentClient runs;
    private final PolicyClient policy;
    private final AdmissionService admissions;
    private final AnswerFlow answers;

    CompletionFlow(
            AgentCatalogue agents,
            AgentClient runs,
            PolicyClient policy,
            AdmissionService admissions,
            AnswerFlow answers) {
        this.agents = agents;
        this.runs = runs;
        this.policy = policy;
        this.admissions = admissions;
        this.answers = answers;
    }

    /** Answers as a whole. */
    Answer complete(Caller caller, CompletionRequest request, @Nullable String idempotencyKey) {
        return answer(admit(caller, request, idempotencyKey), Deltas.NONE);
    }

    /** Answers piece by piece. */
    LiveAnswer stream(Caller caller, CompletionRequest request, @Nullable String idempotencyKey) {
        Admission admission = admit(caller, request, idempotencyKey);
        return LiveAnswer.start(deltas -> answer(admission, deltas));
    }

    /** The functions that an answer wants the caller to carry out; of one from before the agent's run knows them. */
    List<RunResult.ToolCall> toolCalls(TenantId tenant, Answer answer) {
        if (answer.toolCalls() != null) {
            return answer.toolCalls();
        }
        if (!CALLS.equals(answer.reply().finishReason())) {
            return List.of();
        }
        List<RunResult.ToolCall> calls =
                runs.result(tenant, answer.operationId()).toolCalls();
        return calls == null ? List.of() : calls;
    }

    /** The agents that the tenant may use over the API. */
    List<AgentSummary> models(TenantId tenant) {
        List<AgentSummary> all = agents.list(tenant);
        if (all.isEmpty()) {
            return all;
        }
        Set<String> allowed =
                policy.permissions(tenant, all.stream().map(AgentSummary::slug).toList(), CHANNEL).stream()
                        .filter(PolicyClient.Permission::allow)
                        .map(PolicyClient.Permission::agent)
                        .collect(Collectors.toSet());
        return all.stream().filter(agent -> allowed.contains(agent.slug())).toList();
    }

    /** The agent of that name; 404 as OpenAI says it when there is none. */
    AgentSummary model(TenantId tenant, String model) {
        return agents.find(tenant, model).orElseThrow(() -> new Problem(CompletionProblem.MODEL_NOT_FOUND)
                .detail("The model " + model + " does not exist: name an agent's slug."));
    }

    private Admission admit(Caller caller, CompletionRequest request, @Nullable String idempotencyKey) {
        model(caller.tenant(), request.model());
        return admissions.admitOutside(
                caller,
                new OutsideMessage(
                        request.model(),
                        CHANNEL,
                        PlainText.kept(request.text()),
                        threadKey(caller, request.user(), idempotencyKey),
                        idempotencyKey == null ? null : "idempotency-key:" + Sha256.hex(idempotencyKey),
                        request.messages(),
                        request.parameters()));
    }

    private Answer answer(Admission admission, Deltas deltas) {
        return switch (admission) {
            case Admission.Answered answered -> answered.answer();
            case Admission.Open open -> answers.answer(open.turn(), deltas);
            case Admission.ForStaff held -> throw new IllegalStateException("nobody takes over what its caller keeps");
        };
    }

    /** The history is the caller's, so a conversation without a name is one exchange. */
    private static @Nullable String threadKey(Caller caller, @Nullable String user, @Nullable String idempotencyKey) {
        if (user != null) {
            return "api:user:" + Sha256.hex(caller.subject() + "\n" + user);
        }
        return idempotencyKey == null ? null : "api:once:" + Sha256.hex(caller.subject() + "\n" + idempotencyKey);
    }
}
