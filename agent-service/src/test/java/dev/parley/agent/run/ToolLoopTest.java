package dev.parley.agent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.agent.provider.LlmMessage.ToolCall;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTarget;
import dev.parley.agent.provider.LlmTools;
import dev.parley.agent.tool.ToolBoxes;
import dev.parley.agent.tool.ToolContext;
import dev.parley.agent.tool.ToolEffects;
import dev.parley.platform.tenancy.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ToolLoopTest {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final Set<String> GRANTED = Set.of("current_time", "handoff_to_staff");
    private final ToolLoop loop =
            new ToolLoop(ToolBoxes.standard(), ToolBoxes.config("agent.tool.max-steps", "3"), Clock.systemUTC());
    private final List<LlmRequest> asked = new ArrayList<>();
    private final List<String> shown = new ArrayList<>();
    private final RunLog log = new RunLog();

    @Test
    void theModelGetsTheResultAndAnswersInWords() {
        ToolLoop.Ended ended = run(
                GRANTED,
                request -> asked.size() == 1 ? calling("Let me look.", "current_time", "{}") : saying("It is late."));

        assertThat(ended.text()).isEqualTo("Let me look.\n\nIt is late.");
        assertThat(String.join("", shown)).isEqualTo(ended.text());
        assertThat(log.spent().usage()).isEqualTo(new RunResult.Usage(20, 6, false));
        assertThat(log.steps()).singleElement().satisfies(step -> {
            assertThat(step.tool()).isEqualTo("current_time");
            assertThat(step.outcome()).isEqualTo("DONE");
        });
        assertThat(asked.get(1).messages().getLast().role()).isEqualTo(Role.TOOL);
    }

    @Test
    void aModelThatNeverStopsIsStoppedAtTheLimit() {
        assertThatThrownBy(() -> run(GRANTED, request -> calling("", "current_time", "{}")))
                .isInstanceOf(LlmFailure.class);

        assertThat(asked).hasSize(4);
        assertThat(asked.get(2).tools().choice()).isEqualTo(LlmTools.Choice.AUTO);
        assertThat(asked.get(3).tools().choice()).isEqualTo(LlmTools.Choice.NONE);
    }

    @Test
    void nothingIsCalledWhenTheTimeIsOver() {
        ToolLoop late =
                new ToolLoop(ToolBoxes.standard(), ToolBoxes.config("agent.tool.max-time", "0S"), Clock.systemUTC());

        late.run(
                request(),
                GRANTED,
                new Budget(200_000, null),
                context(),
                model(request ->
                        asked.size() == 1 ? calling("Let me look.", "current_time", "{}") : saying("It is late.")),
                shown::add,
                log);

        assertThat(log.steps()).singleElement().satisfies(step -> {
            assertThat(step.outcome()).isEqualTo("DENIED");
            assertThat(step.result()).isEqualTo("The time is over: this one was not called.");
        });
    }

    @Test
    void noMoreIsSpentThanIsPaidFor() {
        // Given what pays for three calls of this size, and a function whose result would fill any context
        Budget budget = new Budget(600, 100);
        LlmRequest first = request().writing(100);

        ToolLoop.Ended ended = loop.run(
                first,
                GRANTED,
                budget,
                context(),
                model(request -> new LlmReply(
                        "Again.",
                        "m",
                        "tool_calls",
                        new LlmReply.Usage(TokenEstimate.of(request), 40),
                        List.of(new ToolCall("", "current_time", "{}"), new ToolCall("", "nonsense", "x".repeat(40))))),
                null,
                log);

        // Then it was cut short before its steps were over, each answer had what was left, and nothing went beyond
        assertThat(asked.getLast().tools().choice()).isEqualTo(LlmTools.Choice.NONE);
        assertThat(asked).hasSizeLessThan(4);
        assertThat(asked).extracting(LlmRequest::maxTokens).startsWith(100, 64);
        assertThat(log.spent().tokens()).isLessThanOrEqualTo(600);
        assertThat(ended.text()).endsWith("Again.");
    }

    @Test
    void callsWithoutANameOfTheirOwnGetOne() {
        run(
                GRANTED,
                request -> asked.size() < 3
                        ? new LlmReply(
                                "",
                                "m",
                                "tool_calls",
                                new LlmReply.Usage(1, 1),
                                List.of(
                                        new ToolCall("", "current_time", "{}"),
                                        new ToolCall("c", "current_time", "{}")))
                        : saying("Done."));

        List<String> ids = asked.getLast().messages().stream()
                .flatMap(message -> message.toolCalls().stream())
                .map(ToolCall::id)
                .toList();
        assertThat(ids).hasSize(4).doesNotHaveDuplicates().contains("c").noneMatch(String::isBlank);
        assertThat(asked.getLast().messages().stream()
                        .filter(message -> message.role() == Role.TOOL)
                        .map(message -> ((LlmMessage.ToolResult) message.parts().getFirst()).callId()))
                .containsExactlyElementsOf(ids);
    }

    @Test
    void moreCallsThanAStepTakesAreNotMade() {
        List<ToolCall> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(new ToolCall("c" + i, "current_time", "{}"));
        }

        run(
                GRANTED,
                request -> asked.size() == 1
                        ? new LlmReply("", "m", "tool_calls", new LlmReply.Usage(1, 1), many)
                        : saying("Done."));

        assertThat(log.steps())
                .extracting(ToolLoop.ToolStep::outcome)
                .filteredOn("DONE"::equals)
                .hasSize(8);
        assertThat(asked.get(1).messages()).hasSize(2 + 100);
    }

    @Test
    void functionsOfTheCallerAreNotCarriedOutHere() {
        ToolLoop.Ended ended = run(Set.of(), request -> calling("", "current_time", "{}"));

        assertThat(asked).hasSize(1);
        assertThat(log.steps()).isEmpty();
        assertThat(ended.answered().reply().toolCalls()).hasSize(1);
    }

    private ToolLoop.Ended run(Set<String> granted, java.util.function.Function<LlmRequest, LlmReply> model) {
        return loop.run(request(), granted, new Budget(200_000, null), context(), model(model), shown::add, log);
    }

    private ToolLoop.Model model(java.util.function.Function<LlmRequest, LlmReply> model) {
        return (request, delta) -> {
            asked.add(request);
            LlmReply reply = model.apply(request);
            tell(delta, reply.text());
            return new ProviderChain.Answered(
                    reply, new LlmTarget(new LlmEndpoint("p", "demo", null, null, null), "m"), Instant.now());
        };
    }

    private static void tell(Consumer<String> delta, String text) {
        if (delta != null && !text.isEmpty()) {
            delta.accept(text.substring(0, 1));
            delta.accept(text.substring(1));
        }
    }

    private static LlmRequest request() {
        return new LlmRequest("m", List.of(LlmMessage.of(Role.USER, "Hi")), null, null, List.of())
                .with(LlmTools.offer(ToolBoxes.standard().offered(TENANT, GRANTED)));
    }

    private static ToolContext context() {
        return new ToolContext(TENANT, UUID.randomUUID(), UUID.randomUUID(), "c", "support", "web", new ToolEffects());
    }

    private static LlmReply saying(String text) {
        return new LlmReply(text, "m", "stop", new LlmReply.Usage(10, 3));
    }

    private static LlmReply calling(String text, String tool, String arguments) {
        return new LlmReply(
                text, "m", "tool_calls", new LlmReply.Usage(10, 3), List.of(new ToolCall("c1", tool, arguments)));
    }
}
