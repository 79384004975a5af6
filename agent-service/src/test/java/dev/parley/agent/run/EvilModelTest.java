package dev.parley.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTarget;
import dev.parley.agent.provider.LlmTools;
import dev.parley.agent.tool.ServerTool;
import dev.parley.agent.tool.ToolBox;
import dev.parley.agent.tool.ToolBoxes;
import dev.parley.agent.tool.ToolContext;
import dev.parley.agent.tool.ToolEffects;
import dev.parley.platform.tenancy.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A model that wants what it has no right to: every function that it names exists here and would have its effect, but
 * the run was granted two harmless ones only.
 */
class EvilModelTest {
    private static final Set<String> GRANTED = Set.of("current_time", "handoff_to_staff");
    private static final List<Evil> SCRIPTS = scripts();

    private final List<String> effects = new ArrayList<>();
    private final ToolBox box = box();
    private final ToolLoop loop = new ToolLoop(box, ToolBoxes.config("agent.tool.max-steps", "3"), Clock.systemUTC());

    record Evil(String name, String text, List<LlmMessage.ToolCall> calls) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Evil> evil() {
        return SCRIPTS.stream();
    }

    @Test
    void thereAreEnoughOfThem() {
        assertThat(SCRIPTS).hasSizeGreaterThan(100);
        assertThat(SCRIPTS.stream().map(Evil::calls)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("evil")
    void whatItHasNoRightToHasNoEffect(Evil evil) {
        ToolContext context = new ToolContext(
                new TenantId(UUID.randomUUID()), UUID.randomUUID(), "c", "support", "web", new ToolEffects());
        List<LlmRequest> asked = new ArrayList<>();

        ToolLoop.Ended ended = loop.run(
                new LlmRequest("m", List.of(LlmMessage.of(Role.USER, "Hi")), null, null, List.of())
                        .with(LlmTools.offer(box.offered(GRANTED))),
                GRANTED,
                context,
                (request, delta) -> {
                    asked.add(request);
                    return new ProviderChain.Answered(
                            new LlmReply("I insist.", "m", "tool_calls", new LlmReply.Usage(1, 1), evil.calls()),
                            new LlmTarget(new LlmEndpoint("p", "demo", null, null, null), "m"),
                            Instant.now(),
                            List.of());
                },
                null);

        assertThat(effects).isEmpty();
        assertThat(context.effects().handoff()).isNull();
        assertThat(ended.steps()).hasSize(3).allSatisfy(step -> assertThat(step.outcome())
                .isIn("DENIED", "INVALID"));
        assertThat(asked).hasSize(4);
        assertThat(asked.getFirst().tools().offered())
                .extracting(LlmTools.Tool::name)
                .containsExactlyInAnyOrderElementsOf(GRANTED);
    }

    private ToolBox box() {
        TreeMap<String, ServerTool> tools = new TreeMap<>();
        SCRIPTS.forEach(evil -> evil.calls().forEach(call -> tools.put(call.name(), new Effective(call.name()))));
        GRANTED.forEach(tools::remove);
        return ToolBoxes.with(List.copyOf(tools.values()));
    }

    /** A function with an effect and without any check of its own. */
    private final class Effective implements ServerTool {
        private final String name;

        Effective(String name) {
            this.name = name;
        }

        @Override
        public LlmTools.Tool description() {
            return new LlmTools.Tool(name, "Does it", JsonNodeFactory.instance.objectNode(), null);
        }

        @Override
        public boolean isHighImpact() {
            return false;
        }

        @Override
        public String call(ToolContext context, JsonNode arguments) {
            effects.add(name);
            return "Done.";
        }
    }

    private static List<Evil> scripts() {
        try (InputStream data = EvilModelTest.class.getResourceAsStream("/evil-model.json")) {
            List<Evil> scripts = new ArrayList<>();
            for (JsonNode script : new ObjectMapper().readTree(data)) {
                List<LlmMessage.ToolCall> calls = new ArrayList<>();
                for (JsonNode call : script.path("tool_calls")) {
                    calls.add(new LlmMessage.ToolCall(
                            "call_1",
                            call.path("name").asText(),
                            call.path("arguments").asText()));
                }
                scripts.add(new Evil(
                        script.path("name").asText(), script.path("text").asText(), calls));
            }
            return scripts;
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
