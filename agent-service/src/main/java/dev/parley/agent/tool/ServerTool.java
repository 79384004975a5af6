package dev.parley.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.provider.LlmTools;

/**
 * A function that the platform carries out for an agent. The platform's own are application-scoped beans, found by CDI;
 * tenants' own come from {@link TenantTools}. The tenant and everything else that says on whose behalf it works comes from the server, never from the model.
 */
public interface ServerTool {
    /** How the model is told of it; its parameters are the schema that arguments are checked against. */
    LlmTools.Tool description();

    /** Whether it makes sense only where a person of the tenant can speak to the customer. */
    default boolean needsStaff() {
        return false;
    }

    /** Whether it may be called at all. */
    default boolean isEnabled() {
        return true;
    }

    /** Another one when the function became another: what was approved is carried out by the one that was shown. */
    default String version() {
        return "";
    }

    /** Whether a person has to approve each call, with exactly its arguments. */
    boolean isHighImpact();

    /**
     * Carries it out.
     *
     * @param arguments checked against the schema
     * @return what the model is told, as text
     * @throws ToolFailure when it failed in a way that the model is told
     */
    String call(ToolContext context, JsonNode arguments);
}
