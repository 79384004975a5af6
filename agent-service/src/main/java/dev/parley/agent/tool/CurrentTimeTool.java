package dev.parley.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.provider.LlmTools;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Locale;

/** Tells the time: models do not know it. */
@ApplicationScoped
class CurrentTimeTool implements ServerTool {
    private final Clock clock;

    CurrentTimeTool(Clock clock) {
        this.clock = clock;
    }

    @Override
    public LlmTools.Tool description() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        schema.putObject("properties")
                .putObject("timezone")
                .put("type", "string")
                .put("maxLength", 60)
                .put("description", "An IANA time zone such as Europe/Berlin; UTC when left out");
        schema.put("additionalProperties", false);
        return new LlmTools.Tool("current_time", "Tells the current date and time.", schema, null);
    }

    @Override
    public boolean isHighImpact() {
        return false;
    }

    @Override
    public String call(ToolContext context, JsonNode arguments) {
        String zone = arguments.path("timezone").asText("UTC");
        try {
            ZonedDateTime now = clock.instant().atZone(ZoneId.of(zone));
            return now.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME) + ", "
                    + now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        } catch (DateTimeException unknown) {
            return "There is no time zone of that name.";
        }
    }
}
