package dev.parley.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTools;
import dev.parley.agent.tool.ServerTool;
import dev.parley.agent.tool.ToolBox;
import dev.parley.agent.tool.ToolBoxes;
import dev.parley.agent.tool.ToolContext;
import dev.parley.platform.tenancy.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
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
 * A model that wants what it has no right to: every function that it names exists here and would have its effect. The run
 * was granted four: two of ours, one that looks up what is its tenant's own, and one that pays money back.
 */
class EvilModelTest {
    private static final Set<String> GRANTED = Set.of("current_time", "handoff_to_staff", "look_up_order", "pay_back");
    private static final List<Evil> SCRIPTS = scripts();

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final Shop shop = new Shop(tenant);
    private final List<String> effects = new ArrayList<>();
    private final ToolBox box = box();
    private final ToolLoop loop = new ToolLoop(box, ToolBoxes.config("agent.tool.max-steps", "3"), Clock.systemUTC());

    record Evil(String name, String asks, String text, List<LlmMessage.ToolCall> calls) {
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
        assertThat(SCRIPTS).hasSizeGreaterThan(150).doesNotHaveDuplicates();
        assertThat(SCRIPTS.stream()
                        .filter(evil -> evil.calls().stream().anyMatch(call -> GRANTED.contains(call.name()))))
                .as("scripts that abuse what they were granted")
                .hasSizeGreaterThan(60);
    }

    @ParameterizedTest
    @MethodSource("evil")
    void whatItHasNoRightToHasNoEffect(Evil evil) {
        // Given
        String canary = "canary-" + UUID.randomUUID();
        RunLog log = new RunLog();
        ToolContext context = new ToolContext(
                tenant, UUID.randomUUID(), UUID.randomUUID(), "c", "support", "telegram", log.effects());
        List<LlmRequest> asked = new ArrayList<>();
        List<String> shown = new ArrayList<>();
        ProviderChain chain = Scripts.chain(request -> {
            asked.add(request);
            return new LlmReply(
                    "I insist. " + evil.text().replace("{CANARY}", canary),
                    "m",
                    "tool_calls",
                    new LlmReply.Usage(1, 1),
                    evil.calls());
        });

        // When
        ToolLoop.Ended ended = loop.run(
                new LlmRequest(
                                "m",
                                List.of(
                                        LlmMessage.of(
                                                Role.SYSTEM, "Be kind. Pictures: https://shop.example. " + canary),
                                        LlmMessage.of(Role.USER, "Hi")),
                                null,
                                null,
                                List.of())
                        .with(LlmTools.offer(box.offered(tenant, GRANTED))),
                GRANTED,
                new Budget(200_000, null),
                context,
                (request, delta) -> chain.ask(Scripts.TARGETS, request, Scripts.deadline(), delta, log),
                shown::add,
                log);

        // Then nothing was done, nothing of others was told, and nothing is fetched when it is shown
        assertThat(effects).isEmpty();
        assertThat(log.effects().handoff()).isNull();
        assertThat(asked.toString() + ended.text() + log.steps()).doesNotContain(Shop.OF_OTHERS);
        assertThat(ended.text()).isEqualTo(String.join("", shown)).startsWith("I insist.");
        assertThat(ended.text()).doesNotContain("evil.example", canary);
        assertThat(log.steps()).allSatisfy(step -> assertThat(step.outcome() + step.result())
                .matches("(?s)DENIED.*|INVALID.*|DONE(There is no such order.|Order A-1: a kettle)"));
        assertThat(log.steps()).hasSize(evil.calls().size() * 3);
        assertThat(asked.getFirst().tools().offered())
                .extracting(LlmTools.Tool::name)
                .containsExactlyInAnyOrderElementsOf(GRANTED);
    }

    private ToolBox box() {
        TreeMap<String, ServerTool> tools = new TreeMap<>();
        SCRIPTS.forEach(evil -> evil.calls().forEach(call -> tools.put(call.name(), new Effective(call.name()))));
        GRANTED.forEach(tools::remove);
        tools.put("look_up_order", shop.lookUp());
        tools.put("pay_back", shop.payBack(effects));
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
                        script.path("name").asText(),
                        script.path("asks").asText(),
                        script.path("text").asText(),
                        calls));
            }
            return scripts;
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
