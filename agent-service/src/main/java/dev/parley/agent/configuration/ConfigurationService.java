package dev.parley.agent.configuration;

import dev.parley.agent.provider.LlmTools;
import dev.parley.agent.tool.ToolBox;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps what tenants set of agents; each change is audited for the tenant. */
@ApplicationScoped
public class ConfigurationService {
    private final Database database;
    private final ConfigurationRepository configurations;
    private final ToolBox tools;
    private final Audit audit;

    ConfigurationService(Database database, ConfigurationRepository configurations, ToolBox tools, Audit audit) {
        this.database = database;
        this.configurations = configurations;
        this.tools = tools;
        this.audit = audit;
    }

    /** What the tenant set of an agent. */
    public StoredConfiguration get(TenantId tenant, UUID agentId) {
        return database.inTenant(tenant, handle -> get(handle, tenant, agentId));
    }

    /** What the tenant set of an agent, in a transaction of the tenant. */
    public StoredConfiguration get(Handle handle, TenantId tenant, UUID agentId) {
        return configurations.find(handle, tenant, agentId).orElse(StoredConfiguration.NONE);
    }

    /** The functions that a tenant's configurations may name, with what they do. */
    public List<LlmTools.Tool> tools(TenantId tenant) {
        return tools.offered(tenant);
    }

    /** Replaces all that the tenant set of an agent; 422 when it cannot be used. */
    public StoredConfiguration put(Caller caller, UUID agentId, Configuration content) {
        TenantId tenant = caller.tenant();
        objection(tenant, content).ifPresent(objection -> {
            throw new Problem(ConfigurationProblem.CONFIGURATION_INVALID).detail(objection);
        });
        return database.inTenant(tenant, handle -> {
            StoredConfiguration before = get(handle, tenant, agentId);
            configurations.put(handle, tenant, agentId, content, caller.actor());
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry(
                            "agent-configuration.change",
                            "agent",
                            agentId.toString(),
                            before.content(),
                            content,
                            null));
            return get(handle, tenant, agentId);
        });
    }

    private Optional<String> objection(TenantId tenant, Configuration content) {
        Optional<String> ofTools =
                content.tools() == null ? Optional.empty() : tools.objection(tenant, content.tools());
        return ofTools.or(() -> Optional.ofNullable(content.schedule()).flatMap(Schedule::objection));
    }
}
