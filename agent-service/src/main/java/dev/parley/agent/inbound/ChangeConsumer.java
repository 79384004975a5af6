package dev.parley.agent.inbound;

import dev.parley.agent.httptool.HttpTools;
import dev.parley.agent.prompt.PromptSelection;
import dev.parley.agent.providerkey.ProviderKeyService;
import dev.parley.platform.event.BroadcastEventConsumer;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/**
 * Forgets in every replica what somebody changed in one. The audit trail tells: it has each change of what is kept at
 * hand here, once it is committed.
 */
@ApplicationScoped
class ChangeConsumer implements BroadcastEventConsumer {
    private static final Set<String> KEPT_OF_TENANTS = Set.of("agent-configuration", "prompt-version", "provider-key");
    private static final Set<String> KEPT_OF_THE_PLATFORM = Set.of("agent", "prompt-version", "experiment", "provider");

    private final PromptSelection selection;
    private final ProviderKeyService keys;
    private final HttpTools tools;

    ChangeConsumer(PromptSelection selection, ProviderKeyService keys, HttpTools tools) {
        this.selection = selection;
        this.keys = keys;
        this.tools = tools;
    }

    @Override
    public String group() {
        return "agent-service.changes";
    }

    @Override
    public Set<String> topics() {
        return Set.of("platform.audit.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("platform.audit-recorded.v1");
    }

    @Override
    public void handle(ReceivedEvent event) {
        String action = event.as(Change.class).action();
        String changed = action == null ? "" : action.substring(0, Math.max(0, action.indexOf('.')));
        if (event.tenant().equals(TenantId.PLATFORM)) {
            if (KEPT_OF_THE_PLATFORM.contains(changed)) {
                selection.evict();
            }
        } else if (changed.equals("tool")) {
            tools.evict(event.tenant());
        } else if (KEPT_OF_TENANTS.contains(changed)) {
            selection.evict(event.tenant());
            keys.evict(event.tenant());
        }
    }

    @RegisterForReflection
    record Change(String action) {}
}
