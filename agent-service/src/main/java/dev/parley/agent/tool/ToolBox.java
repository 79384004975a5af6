package dev.parley.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmTools;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** The functions that the platform can carry out. A run may call those only that it was granted by name. */
@ApplicationScoped
public class ToolBox {
    private static final Logger LOG = Logger.getLogger(ToolBox.class);

    private final Map<String, Kept> tools = new TreeMap<>();
    private final Approvals approvals;
    private final ToolConfig config;

    ToolBox(@All List<ServerTool> all, Approvals approvals, ToolConfig config) {
        this.approvals = approvals;
        this.config = config;
        for (ServerTool tool : all) {
            LlmTools.Tool description = tool.description();
            tools.put(description.name(), new Kept(tool, description, JsonForm.of(description.parameters())));
        }
    }

    private record Kept(ServerTool tool, LlmTools.Tool description, JsonForm form) {}

    /** What became of a call. */
    public enum Outcome {
        /** It was carried out. */
        DONE,
        /** The run may not call it, or there is no such function. */
        DENIED,
        /** Its arguments are not what the function takes. */
        INVALID,
        /** It failed. */
        FAILED
    }

    /** What became of a call, and what the model is told. */
    public record Result(Outcome outcome, String text) {}

    /** The names of all functions that there are. */
    public Collection<String> names() {
        return tools.keySet();
    }

    /** Why these names cannot all be granted; empty when there is a function of each. */
    public Optional<String> objection(Collection<String> wanted) {
        return wanted.stream()
                .filter(name -> !tools.containsKey(name))
                .findFirst()
                .map(name -> "There is no function " + name + ": there are " + String.join(", ", tools.keySet()) + ".");
    }

    /** The names of those that make sense only where a person of the tenant can speak to the customer. */
    public Collection<String> needingStaff() {
        return tools.values().stream()
                .filter(kept -> kept.tool().needsStaff())
                .map(kept -> kept.description().name())
                .toList();
    }

    /** The granted ones of those that there are; names that nobody knows are left out. */
    public List<LlmTools.Tool> offered(Collection<String> granted) {
        List<LlmTools.Tool> offered = new ArrayList<>();
        for (Kept kept : tools.values()) {
            if (granted.contains(kept.description().name())) {
                offered.add(kept.description());
            }
        }
        return offered;
    }

    /** Carries out what the model asked for, if the run was granted it and its arguments fit. Never throws for a model's mistake. */
    public Result call(ToolContext context, Collection<String> granted, LlmMessage.ToolCall call) {
        Kept kept = tools.get(call.name());
        if (kept == null || !granted.contains(call.name())) {
            return new Result(Outcome.DENIED, "There is no such function, or it may not be used here.");
        }
        Optional<JsonNode> arguments = JsonForm.read(call.arguments().isBlank() ? "{}" : call.arguments());
        if (arguments.isEmpty()) {
            return new Result(Outcome.INVALID, "The arguments are not JSON.");
        }
        Optional<String> objection = kept.form().objection(arguments.get());
        if (objection.isPresent()) {
            return new Result(Outcome.INVALID, "The arguments are wrong: " + objection.get());
        }
        try {
            if (kept.tool().isHighImpact() && !isApproved(context, call.name(), arguments.get())) {
                return new Result(
                        Outcome.DENIED, "A person has to approve this first, and was asked to. Tell the customer so.");
            }
            return new Result(Outcome.DONE, shortened(kept.tool().call(context, arguments.get())));
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "the function %s failed", call.name());
            return new Result(Outcome.FAILED, "The function failed.");
        }
    }

    private boolean isApproved(ToolContext context, String name, JsonNode arguments) {
        return context.conversationId() != null
                && approvals.take(
                        context.tenant(),
                        new Wish(context.conversationId(), context.agent(), context.runId(), name, arguments));
    }

    private String shortened(String text) {
        int most = config.maxResultCharacters();
        return text.length() <= most ? text : text.substring(0, most) + "\n[the rest was cut off]";
    }
}
