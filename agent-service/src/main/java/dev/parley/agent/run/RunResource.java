package dev.parley.agent.run;

import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.opentelemetry.context.Context;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Makes replies for channel-service. */
@Path("/internal/runs")
public class RunResource {
    private static final Logger LOG = Logger.getLogger(RunResource.class);

    private final RunFlow flow;
    private final CurrentCaller caller;

    RunResource(RunFlow flow, CurrentCaller caller) {
        this.flow = flow;
        this.caller = caller;
    }

    /** Makes a reply, or returns the one made before for the same operation. */
    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed(Caller.SERVICE)
    @RunOnVirtualThread
    public RunResult run(@Valid @NotNull RunRequest request) {
        TenantId tenant = caller.get().tenant();
        Operation.enter(request.operationId());
        return flow.run(tenant, request);
    }

    /** The reply that was made for an operation; 404 when there is none. */
    @GET
    @Path("/{operation}")
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed(Caller.SERVICE)
    @RunOnVirtualThread
    @org.eclipse.microprofile.openapi.annotations.Operation(summary = "Get the reply of an operation")
    public RunResult result(UUID operation) {
        return flow.result(caller.get().tenant(), operation);
    }

    /**
     * As {@link #run}, in pieces: {@code delta} events, then one {@code result} or {@code problem}. The run goes on when
     * the reader leaves, because the provider's work is metered all the same.
     */
    @POST
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RolesAllowed(Caller.SERVICE)
    public Multi<OutboundSseEvent> stream(@Valid @NotNull RunRequest request, @jakarta.ws.rs.core.Context Sse sse) {
        TenantId tenant = caller.get().tenant();
        Context trace = Context.current();
        return Multi.createFrom().emitter(emitter -> Thread.ofVirtual()
                .name("run-" + request.operationId())
                .start(trace.wrap(() -> stream(tenant, request, sse, emitter))));
    }

    private void stream(TenantId tenant, RunRequest request, Sse sse, MultiEmitter<? super OutboundSseEvent> emitter) {
        Operation.enter(request.operationId());
        Operation.tenant(tenant);
        try {
            RunResult result =
                    flow.stream(tenant, request, piece -> emitter.emit(event(sse, "delta", new Delta(piece))));
            emitter.emit(event(sse, "result", result));
        } catch (Problem problem) {
            emitter.emit(event(sse, "problem", members(problem)));
        } catch (RuntimeException bug) {
            LOG.error("a run failed", bug);
            emitter.emit(event(sse, "problem", members(new Problem(CommonProblem.INTERNAL_ERROR))));
        } finally {
            emitter.complete();
            Operation.leave();
        }
    }

    private static OutboundSseEvent event(Sse sse, String name, Object data) {
        return sse.newEventBuilder()
                .name(name)
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(data)
                .build();
    }

    private static Map<String, Object> members(Problem problem) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", problem.type().type());
        members.put("title", problem.type().title());
        members.put("status", problem.type().status());
        members.put("detail", problem.detail());
        members.put("code", problem.type().name());
        members.put("operation_id", Operation.id());
        members.putAll(problem.members());
        return members;
    }

    /** A piece of a reply. */
    @RegisterForReflection
    public record Delta(String text) {}
}
