package dev.parley.agent.prompt.own;

import dev.parley.agent.catalogue.AgentService;
import dev.parley.agent.prompt.CustomPromptsFlow;
import dev.parley.agent.prompt.golden.GoldenConversation;
import dev.parley.agent.prompt.golden.GoldenRequest;
import dev.parley.agent.prompt.golden.GoldenService;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** A tenant's golden conversations of an agent; writing them needs the plan's feature {@code custom_prompts}. */
@ApplicationScoped
class OwnGoldenFlow {
    private final AgentService agents;
    private final GoldenService golden;
    private final CustomPromptsFlow customPrompts;

    OwnGoldenFlow(AgentService agents, GoldenService golden, CustomPromptsFlow customPrompts) {
        this.agents = agents;
        this.golden = golden;
        this.customPrompts = customPrompts;
    }

    Page<GoldenConversation> list(TenantId tenant, String slug) {
        return golden.list(tenant, agents.offered(slug));
    }

    GoldenConversation get(TenantId tenant, String slug, UUID id) {
        return golden.get(tenant, agents.offered(slug), id);
    }

    GoldenConversation add(Caller caller, String slug, GoldenRequest request) {
        UUID agentId = agents.offered(slug);
        customPrompts.demand(caller.tenant());
        return golden.add(caller, caller.tenant(), agentId, request);
    }

    GoldenConversation change(Caller caller, String slug, UUID id, GoldenRequest request) {
        UUID agentId = agents.offered(slug);
        customPrompts.demand(caller.tenant());
        return golden.change(caller, caller.tenant(), agentId, id, request);
    }

    void remove(Caller caller, String slug, UUID id) {
        golden.remove(caller, caller.tenant(), agents.offered(slug), id);
    }
}
