package dev.parley.agent.run;

import dev.parley.agent.outbound.PolicyClient;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.wire.ProviderCallConfig;
import dev.parley.agent.providerkey.ProviderKeyService;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * Has a model write the summary that a run found due, once the run's answer is stored: nobody waits for it, and nothing
 * fails by it. What it takes is held, metered and charged as an operation of its own. A summary that is lost on the way
 * is due again in the conversation's next run, and its hold runs out. Of two that are written at once, in two replicas, one
 * is kept and charged.
 */
@ApplicationScoped
class MemoryWriter {
    private static final Logger LOG = Logger.getLogger(MemoryWriter.class);
    private static final String STEP = "remember_conversation";
    private static final String REFUSED = "content_filter";
    private static final String OVERTAKEN = "another summary was kept meanwhile";

    private final Memories memories;
    private final PolicyClient policy;
    private final ProviderKeyService keys;
    private final ProviderChain chain;
    private final Database database;
    private final RunRepository runs;
    private final Outbox outbox;
    private final ProviderCallConfig calls;
    private final Clock clock;
    private final Semaphore places;
    private final Set<Talk> writing = ConcurrentHashMap.newKeySet();

    MemoryWriter(
            Memories memories,
            PolicyClient policy,
            ProviderKeyService keys,
            ProviderChain chain,
            Database database,
            RunRepository runs,
            Outbox outbox,
            ProviderCallConfig calls,
            RunConfig config,
            Clock clock) {
        this.memories = memories;
        this.policy = policy;
        this.keys = keys;
        this.chain = chain;
        this.database = database;
        this.runs = runs;
        this.outbox = outbox;
        this.calls = calls;
        this.clock = clock;
        this.places = new Semaphore(config.memory().writtenAtOnce());
    }

    private record Talk(TenantId tenant, String conversationId, String agent) {}

    /** Begins to write a summary where the run found one due; returns at once. It is left for later where too many are written. */
    void write(TenantId tenant, RunRequest request, RunPlan plan) {
        if (!plan.memory().isDue()) {
            return;
        }
        Talk talk = new Talk(tenant, request.conversationId(), request.agent());
        if (!places.tryAcquire()) {
            return;
        }
        if (!writing.add(talk)) {
            places.release();
            return;
        }
        Thread.ofVirtual().name("memory-" + request.operationId()).start(() -> {
            try {
                write(tenant, request, plan, Ids.next());
            } catch (Problem refused) {
                LOG.debugf("a conversation is not summarised: %s", refused.getMessage());
            } catch (RuntimeException unreachable) {
                LOG.warn("a conversation's summary was not kept", unreachable);
            } finally {
                writing.remove(talk);
                places.release();
            }
        });
    }

    /** Writes a summary if it is still due: runs are planned while the summary of one before is under way. */
    void write(TenantId tenant, RunRequest request, RunPlan plan, UUID operation) {
        Operation.enter(operation);
        Operation.tenant(tenant);
        try {
            List<LlmMessage> conversation = MessageReader.read(request.messages());
            Memories.Kept before = memories.recall(tenant, request, conversation);
            if (!before.memory().isDue()) {
                return;
            }
            LlmRequest task = memories.task(plan.ask().model(), before.memory(), conversation);
            PolicyClient.Held held = policy.holdTokens(
                    tenant, operation, request.agent(), request.channel(), TokenEstimate.of(task), task.maxTokens());
            LlmRequest ask = task.writing(RunPlanner.lowest(task.maxTokens(), held.maxOutputTokens()));
            RunLog log = new RunLog();
            try {
                ProviderChain.Answered answered = chain.ask(
                        keys.targets(tenant, plan.endpoint(), ask.model()),
                        ask,
                        System.nanoTime() + calls.totalTimeout().toNanos(),
                        null,
                        log);
                log.spent(answered.by(), ask, answered.reply());
                UsageRecorded usage = usage(tenant, request, plan, operation, held, answered, log.spent());
                boolean stored = database.inTenant(
                        tenant, handle -> store(handle, tenant, request, before, conversation, answered, usage));
                if (!stored) {
                    policy.release(tenant, operation, held.id(), OVERTAKEN);
                }
            } catch (LlmFailure failed) {
                LOG.infof("a conversation was not summarised: %s", failed.getMessage());
                policy.release(
                        tenant,
                        operation,
                        held.id(),
                        RunFlow.problem(failed).type().name());
            } catch (RuntimeException lost) {
                policy.release(tenant, operation, held.id(), CommonProblem.INTERNAL_ERROR.name());
                throw lost;
            }
        } finally {
            Operation.leave();
        }
    }

    /** False, and nothing is stored, when another summary was kept since it was found due. */
    private boolean store(
            Handle handle,
            TenantId tenant,
            RunRequest request,
            Memories.Kept before,
            List<LlmMessage> conversation,
            ProviderChain.Answered answered,
            UsageRecorded usage) {
        Memory memory = before.memory();
        boolean written = !answered.reply().finishReason().equals(REFUSED);
        if (written && !memories.keep(handle, tenant, request, answered.reply().text(), conversation, before)) {
            return false;
        }
        runs.addStep(
                handle,
                tenant,
                request.operationId(),
                new ToolLoop.ToolStep(
                        clock.instant(),
                        STEP,
                        "{}",
                        written ? "DONE" : "DENIED",
                        written
                                ? memory.until() - memory.from() + " messages are in the summary now"
                                : "The model refused to write a summary."));
        outbox.append(handle, tenant, usage);
        return true;
    }

    /** No release is named: a summary is no reply of a version on duty. */
    private static UsageRecorded usage(
            TenantId tenant,
            RunRequest request,
            RunPlan plan,
            UUID operation,
            PolicyClient.Held held,
            ProviderChain.Answered answered,
            Spent spent) {
        RunResult.Usage used = spent.usage();
        return new UsageRecorded(
                tenant,
                operation,
                operation,
                request.conversationId(),
                request.agent(),
                request.channel(),
                plan.promptVersion(),
                plan.promptVersionId(),
                null,
                ReplyText.name(answered.reply().finishReason()),
                answered.by().endpoint().name(),
                ReplyText.name(answered.reply().model()),
                Map.of("llm.input_tokens", used.inputTokens(), "llm.output_tokens", used.outputTokens()),
                used.estimated(),
                held.id(),
                spent.keyOwner(),
                false,
                spent.parts());
    }
}
