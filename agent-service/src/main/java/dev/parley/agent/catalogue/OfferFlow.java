package dev.parley.agent.catalogue;

import dev.parley.agent.outbound.PolicyClient;
import dev.parley.agent.outbound.PolicyClient.AgentDecision;
import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Joins the catalogue with what policy-service says of each agent; decides nothing itself. */
@ApplicationScoped
class OfferFlow {
    private static final String NOT_READY = "AGENT_NOT_READY";
    private static final String UNDECIDED = "UNDECIDED";

    private final AgentService agents;
    private final PolicyClient policy;

    OfferFlow(AgentService agents, PolicyClient policy) {
        this.agents = agents;
        this.policy = policy;
    }

    /** The agents on offer to a tenant; one that cannot answer yet is never allowed. */
    Page<OfferedAgent> offeredTo(TenantId tenant) {
        List<Agent> offered = agents.listActive();
        List<String> ready =
                offered.stream().filter(Agent::ready).map(Agent::slug).toList();
        Map<String, AgentDecision> decisions = ready.isEmpty()
                ? Map.of()
                : policy.decideAgents(tenant, ready).stream()
                        .collect(Collectors.toMap(AgentDecision::agent, Function.identity(), (first, second) -> first));
        return new Page<>(
                offered.stream()
                        .map(agent -> offer(agent, decisions.get(agent.slug())))
                        .toList(),
                null);
    }

    /** As {@link #offeredTo}, for platform staff: the look is recorded in the tenant's audit trail before it is given. */
    Page<OfferedAgent> inspect(Caller caller, TenantId tenant, AccessReason why) {
        agents.recordTenantRead(caller, tenant, why);
        return offeredTo(tenant);
    }

    private static OfferedAgent offer(Agent agent, AgentDecision decision) {
        boolean allowed = decision != null && decision.allow();
        String reason = null;
        if (!allowed) {
            reason = !agent.ready() ? NOT_READY : decision == null ? UNDECIDED : decision.reasonCode();
        }
        return new OfferedAgent(agent.id(), agent.slug(), agent.name(), agent.description(), allowed, reason);
    }
}
