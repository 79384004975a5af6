package dev.parley.agent.prompt.own;

import dev.parley.agent.configuration.Configuration;
import dev.parley.agent.configuration.Filters;
import dev.parley.agent.configuration.Schedule;
import dev.parley.agent.configuration.StoredConfiguration;
import dev.parley.agent.provider.LlmTools;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a tenant set of an agent.
 *
 * @param toolsOffered the functions that there are
 * @param accepts the variables that the agent's prompt declares, with their default values: others have no effect
 */
public record ConfigurationView(
        String agent,
        String persona,
        String goals,
        String industry,
        List<String> keywords,
        Map<String, String> variables,
        List<String> tools,
        Configuration.AnswerCache answerCache,
        Schedule schedule,
        Filters filters,
        List<OfferedTool> toolsOffered,
        Map<String, String> accepts,
        Instant updatedAt,
        String updatedBy) {
    /** A function that the agent may be allowed to use. */
    public record OfferedTool(String name, String description) {}

    static ConfigurationView of(
            String agent, StoredConfiguration stored, List<LlmTools.Tool> tools, Map<String, String> accepts) {
        Configuration content = stored.content();
        return new ConfigurationView(
                agent,
                content.persona(),
                content.goals(),
                content.industry(),
                content.keywords() == null ? List.of() : content.keywords(),
                content.variables() == null ? Map.of() : content.variables(),
                content.tools(),
                content.answerCache(),
                content.schedule(),
                content.filters(),
                tools.stream()
                        .map(tool -> new OfferedTool(tool.name(), tool.description()))
                        .toList(),
                accepts,
                stored.updatedAt(),
                stored.updatedBy());
    }
}
