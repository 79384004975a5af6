package dev.parley.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.configuration.Configuration;
import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmProvider;
import dev.parley.agent.provider.LlmProviders;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTarget;
import dev.parley.agent.tool.ToolBoxes;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RunPlannerTest {
    private static final LlmMessage.File PDF = FilesTest.file("application/pdf", 99_999);

    private final RunPlanner planner = new RunPlanner(
            null,
            null,
            ToolBoxes.standard(),
            ToolBoxes.config("agent.tool.max-steps", "8"),
            null,
            new LlmProviders(List.of(new Silent())),
            new SmallRyeConfigBuilder()
                    .withMapping(RunConfig.class)
                    .withConverter(
                            Duration.class, 300, text -> Duration.parse((text.endsWith("D") ? "P" : "PT") + text))
                    .build()
                    .getConfigMapping(RunConfig.class));

    @Test
    void aFileThatNobodyReadsTakesNoRoom() {
        assertThat(asked(endpoint("first", List.of(), null), 200))
                .extracting(LlmMessage::text)
                .containsExactly(
                        "rule",
                        "Hello",
                        "Hello!",
                        "Is this right?\n[A file was sent that you cannot open, called \"order.pdf\" (application/pdf). You"
                                + " do not know what it says; tell the sender so if it matters.]");
    }

    @Test
    void whatAFallbackReadsIsKeptForIt() {
        LlmEndpoint reader = endpoint("second", List.of(), List.of("application/pdf"));
        LlmEndpoint gone = new LlmEndpoint("third", "gone", null, null, null);

        List<LlmMessage> asked = asked(
                endpoint("first", List.of(new LlmTarget(reader, "small"), new LlmTarget(gone, "small")), null), 8_000);

        assertThat(asked.getLast().parts()).contains(PDF);
    }

    private List<LlmMessage> asked(LlmEndpoint endpoint, int room) {
        ActivePrompt prompt = new ActivePrompt(
                UUID.randomUUID(),
                null,
                "concierge",
                1,
                "rule",
                Map.of(),
                endpoint,
                "big",
                null,
                null,
                Configuration.NONE);
        RunRequest request = new RunRequest(
                UUID.randomUUID(),
                null,
                "concierge",
                "web",
                List.of(
                        said("user", "Hello"),
                        said("assistant", "Hello!"),
                        said(
                                "user",
                                List.of(
                                        Map.of("type", "text", "text", "Is this right?"),
                                        Map.of(
                                                "type",
                                                "file",
                                                "file",
                                                Map.of(
                                                        "filename",
                                                        PDF.name(),
                                                        "file_data",
                                                        "data:application/pdf;base64," + PDF.data()))))),
                new RunRequest.Limits(room, null),
                null,
                null,
                null,
                null);
        return planner.plan(TenantId.PLATFORM, prompt, request, List.of()).ask().messages();
    }

    private static RunRequest.RunMessage said(String role, Object content) {
        return new RunRequest.RunMessage(role, new ObjectMapper().valueToTree(content), null, null);
    }

    private static LlmEndpoint endpoint(String name, List<LlmTarget> fallbacks, List<String> reads) {
        return new LlmEndpoint(name, "silent", null, null, null, TenantId.PLATFORM, fallbacks, reads);
    }

    private static final class Silent implements LlmProvider {
        @Override
        public String kind() {
            return "silent";
        }

        @Override
        public Set<String> reads() {
            return Set.of();
        }

        @Override
        public LlmReply complete(LlmEndpoint endpoint, LlmRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public LlmReply stream(LlmEndpoint endpoint, LlmRequest request, Consumer<String> delta) {
            throw new UnsupportedOperationException();
        }
    }
}
