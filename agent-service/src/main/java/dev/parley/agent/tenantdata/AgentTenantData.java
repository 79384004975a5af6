package dev.parley.agent.tenantdata;

import dev.parley.platform.lifecycle.TenantData;
import dev.parley.platform.lifecycle.TenantTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Runs are all that agent-service has of a tenant; the catalogue is everybody's. */
@ApplicationScoped
class AgentTenantData implements TenantData {
    private static final List<TenantTable> TABLES = List.of(TenantTable.named("run")
            .exported("runs", "operation_id", """
                    operation_id, id, conversation_id, agent, channel, status, prompt_version, provider, model, text,
                    finish_reason, input_tokens, output_tokens, estimated, problem, started_at, finished_at
                    """)
            .retained("runs", "created_at < :cutoff and status <> 'running'"));

    @Override
    public List<TenantTable> tables() {
        return TABLES;
    }
}
