package dev.parley.simulators.llm;

import dev.parley.simulators.exchange.Counters;
import dev.parley.simulators.exchange.Endpoint;
import io.vertx.core.json.JsonArray;
import java.time.Clock;

/** The simulated model, in three wire formats. */
public final class Llm {

    private final DemoModel model;
    private final Endpoint openAi;
    private final Endpoint anthropic;
    private final Endpoint google;

    /** A model without scripts. */
    public Llm(Clock clock, Counters counters) {
        model = new DemoModel(counters);
        openAi = new OpenAiEndpoint(model, clock);
        anthropic = new AnthropicEndpoint(model);
        google = new GoogleEndpoint(model);
    }

    /** What is served under {@code /llm/v1}. */
    public Endpoint openAi() {
        return openAi;
    }

    /** What is served under {@code /anthropic/v1}. */
    public Endpoint anthropic() {
        return anthropic;
    }

    /** What is served under {@code /google/v1beta}. */
    public Endpoint google() {
        return google;
    }

    /**
     * Sets what the model says: a list of {@code text}, with {@code match} (a part of the request's body),
     * {@code repeat} and {@code tool_calls} (each with {@code name} and {@code arguments}) if wanted. The first that matches speaks; an empty list brings the usual replies back.
     *
     * @throws IllegalArgumentException when a reply has neither text nor functions to call
     */
    public void script(JsonArray replies) {
        model.script(replies);
    }

    /** The replies set by {@link #script}. */
    public JsonArray scripts() {
        return model.scripts();
    }
}
