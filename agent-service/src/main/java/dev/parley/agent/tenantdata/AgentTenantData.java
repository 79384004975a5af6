package dev.parley.agent.tenantdata;

import dev.parley.platform.lifecycle.TenantData;
import dev.parley.platform.lifecycle.TenantTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Runs, keys at providers, functions, configurations and own prompt versions are what agent-service has of a tenant; the catalogue is everybody's. */
@ApplicationScoped
class AgentTenantData implements TenantData {
    private static final List<TenantTable> TABLES = List.of(
            TenantTable.named("run")
                    .exported("runs", "operation_id", """
                    operation_id, id, conversation_id, agent, channel, status, prompt_version, prompt_version_id, release_id,
                    cached, rerun_of, provider, model, text,
                    finish_reason, input_tokens, output_tokens, estimated, key_owner, tool_calls, attempts, steps, handoff,
                    problem, started_at, finished_at
                    """)
                    .retained("runs", "created_at < :cutoff and status <> 'running'"),
            TenantTable.named("run_request")
                    .notExported("what was asked is the conversation itself; encrypted, it serves a repetition only")
                    .retained("conversations", "created_at < :cutoff"),
            TenantTable.named("kept_answer")
                    .notExported("replies that the runs have, kept for a while to be given again")
                    .retained("conversations", "created_at < :cutoff"),
            TenantTable.named("tool_approval")
                    .exported("tool-approvals", "id", """
                    id, conversation_id, agent, channel, tool, arguments, status, operation_id, requested_run, used_run,
                    expires_at, decided_at, decided_by, used_at, outcome, result, created_at, updated_at
                    """)
                    .retained("runs", "created_at < :cutoff"),
            TenantTable.named("conversation_memory")
                    .notExported("summaries of conversations, which are exported themselves")
                    .retained("conversations", "updated_at < :cutoff"),
            TenantTable.named("provider_key")
                    .exported("provider-keys", "id", "id, provider, created_by, created_at, updated_at")
                    .notRetained("configuration: it lives until the key is removed"),
            TenantTable.named("http_tool")
                    .exported("tools", "name", """
                    id, name, description, parameters, url, header_name, timeout_seconds, high_impact, enabled, created_at,
                    updated_at, created_by
                    """)
                    .notRetained("configuration: it lives until the function is removed"),
            TenantTable.named("agent_configuration")
                    .exported(
                            "agent-configurations", "agent_id", "agent_id, content, created_at, updated_at, updated_by")
                    .notRetained("what the tenant set, as long as it wants it"),
            TenantTable.named("prompt_conversation")
                    .notExported(
                            "says which version of the platform's prompt answered; the runs that it follows from are")
                    .retained("runs", "updated_at < :cutoff"),
            TenantTable.named("golden_trial")
                    .exported("golden-trials", "agent_id, created_at, id", """
                    agent_id, id, number, content_hash, golden_hash, status, result, deadline_at, created_at, updated_at,
                    finished_at, created_by
                    """)
                    .notRetained("what was found out of the tenant's own prompts, by conversations that it made up"),
            TenantTable.named("golden_conversation")
                    .exported("golden-conversations", "agent_id, id", """
                    agent_id, id, name, content, created_at, updated_at, created_by, updated_by
                    """)
                    .notRetained("what the tenant wrote, as long as it wants it"),
            TenantTable.named("prompt_activation")
                    .exported("prompt-activations", "agent_id, seq", """
                    agent_id, seq, number, activated_at, activated_by, withdrawn_at, withdrawn_by
                    """)
                    .notRetained("the history of what answered the customers of the tenant"),
            TenantTable.named("prompt_version")
                    .exported("prompt-versions", "agent_id, number", """
                    agent_id, number, id, system_prompt, temperature, max_tokens, variables, status, created_at, updated_at,
                    created_by, activated_at
                    """)
                    .notRetained("what the tenant wrote, as long as it wants it"));

    @Override
    public List<TenantTable> tables() {
        return TABLES;
    }
}
