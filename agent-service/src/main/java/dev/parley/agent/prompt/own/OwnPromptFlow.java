package dev.parley.agent.prompt.own;

import dev.parley.agent.catalogue.AgentService;
import dev.parley.agent.configuration.Configuration;
import dev.parley.agent.configuration.ConfigurationService;
import dev.parley.agent.prompt.CustomPromptsFlow;
import dev.parley.agent.prompt.PromptDiff;
import dev.parley.agent.prompt.PromptSelection;
import dev.parley.agent.prompt.PromptService;
import dev.parley.agent.prompt.PromptVersion;
import dev.parley.agent.prompt.ReleaseService;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/**
 * A tenant's side of an agent. Configuring is everybody's; writing and activating versions needs the plan's feature
 * {@code custom_prompts}, looking at them and rolling back does not.
 */
@ApplicationScoped
public class OwnPromptFlow {
    private final AgentService agents;
    private final PromptService prompts;
    private final ReleaseService releases;
    private final PromptSelection selection;
    private final ConfigurationService configurations;
    private final CustomPromptsFlow customPrompts;

    OwnPromptFlow(
            AgentService agents,
            PromptService prompts,
            ReleaseService releases,
            PromptSelection selection,
            ConfigurationService configurations,
            CustomPromptsFlow customPrompts) {
        this.agents = agents;
        this.prompts = prompts;
        this.releases = releases;
        this.selection = selection;
        this.configurations = configurations;
        this.customPrompts = customPrompts;
    }

    ConfigurationView configuration(TenantId tenant, String slug) {
        UUID agentId = agents.offered(slug);
        return ConfigurationView.of(
                slug, configurations.get(tenant, agentId), configurations.tools(tenant), selection.variables(slug));
    }

    ConfigurationView configure(Caller caller, String slug, Configuration content) {
        UUID agentId = agents.offered(slug);
        var stored = configurations.put(caller, agentId, content);
        selection.evict(caller.tenant());
        return ConfigurationView.of(slug, stored, configurations.tools(caller.tenant()), selection.variables(slug));
    }

    Page<PromptVersion> list(TenantId tenant, String slug, String cursor, Integer limit) {
        return prompts.list(tenant, agents.offered(slug), cursor, limit);
    }

    PromptVersion get(TenantId tenant, String slug, int number) {
        return prompts.get(tenant, agents.offered(slug), number);
    }

    PromptVersion draft(Caller caller, String slug, OwnPromptRequest request) {
        UUID agentId = agents.offered(slug);
        customPrompts.demand(caller.tenant());
        return prompts.draft(caller, caller.tenant(), agentId, request.content());
    }

    PromptVersion revise(Caller caller, String slug, int number, OwnPromptRequest request) {
        UUID agentId = agents.offered(slug);
        customPrompts.demand(caller.tenant());
        return prompts.revise(caller, caller.tenant(), agentId, number, request.content());
    }

    PromptVersion activate(Caller caller, String slug, int number) {
        UUID agentId = agents.offered(slug);
        customPrompts.demand(caller.tenant());
        return releases.activate(caller, caller.tenant(), agentId, number);
    }

    PromptVersion rollback(Caller caller, String slug) {
        return releases.rollback(caller, caller.tenant(), agents.offered(slug));
    }

    void retire(Caller caller, String slug) {
        releases.retire(caller, caller.tenant(), agents.offered(slug));
    }

    PromptDiff diff(TenantId tenant, String slug, Integer from, Integer to) {
        UUID agentId = agents.offered(slug);
        int newer = to != null ? to : newest(tenant, agentId);
        return prompts.diff(tenant, agentId, from != null ? from : Math.max(1, newer - 1), newer);
    }

    /** The number of the newest version, 1 when there is none yet. */
    private int newest(TenantId tenant, UUID agentId) {
        return prompts.list(tenant, agentId, null, 1).items().stream()
                .mapToInt(PromptVersion::number)
                .findFirst()
                .orElse(1);
    }
}
