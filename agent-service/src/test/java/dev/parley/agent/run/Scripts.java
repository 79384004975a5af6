package dev.parley.agent.run;

import dev.parley.agent.provider.BreakerConfig;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmProvider;
import dev.parley.agent.provider.LlmProviders;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTarget;
import dev.parley.agent.provider.ProviderBreakers;
import dev.parley.agent.provider.wire.ProviderCallConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** A chain with one model that says what a test wants, a few letters at a time. */
final class Scripts {
    static final List<LlmTarget> TARGETS =
            List.of(new LlmTarget(new LlmEndpoint("p", "scripted", null, null, null), "m"));
    private static final int PIECE = 3;

    private Scripts() {}

    static ProviderChain chain(Function<LlmRequest, LlmReply> model) {
        return new ProviderChain(
                new LlmProviders(List.of(new Scripted(model))),
                new ProviderBreakers(config(BreakerConfig.class), Clock.systemUTC()),
                config(ProviderCallConfig.class),
                Clock.systemUTC(),
                new SimpleMeterRegistry());
    }

    static long deadline() {
        return System.nanoTime() + Duration.ofSeconds(10).toNanos();
    }

    private static <T> T config(Class<T> type) {
        return new SmallRyeConfigBuilder()
                .withMapping(type)
                .withConverter(Duration.class, 300, text -> Duration.parse("PT" + text))
                .build()
                .getConfigMapping(type);
    }

    private record Scripted(Function<LlmRequest, LlmReply> model) implements LlmProvider {
        @Override
        public String kind() {
            return "scripted";
        }

        @Override
        public LlmReply complete(LlmEndpoint endpoint, LlmRequest request) {
            return model.apply(request);
        }

        @Override
        public LlmReply stream(LlmEndpoint endpoint, LlmRequest request, Consumer<String> delta) {
            LlmReply reply = model.apply(request);
            for (int i = 0; i < reply.text().length(); i += PIECE) {
                delta.accept(reply.text().substring(i, Math.min(reply.text().length(), i + PIECE)));
            }
            return reply;
        }
    }
}
