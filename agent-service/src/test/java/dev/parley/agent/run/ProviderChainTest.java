package dev.parley.agent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.agent.provider.BreakerConfig;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmFailure.Reason;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.agent.provider.LlmProvider;
import dev.parley.agent.provider.LlmProviders;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTarget;
import dev.parley.agent.provider.ProviderBreakers;
import dev.parley.agent.provider.wire.ProviderCallConfig;
import dev.parley.platform.tenancy.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProviderChainTest {
    private static final LlmRequest REQUEST =
            new LlmRequest("big", List.of(LlmMessage.of(Role.USER, "Hi")), null, null, List.of());
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());

    private final Map<String, Reason> broken = new HashMap<>();
    private final Map<String, LlmReply> said = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> shown = new ArrayList<>();
    private final List<LlmRequest> seen = new ArrayList<>();
    private RunLog log = new RunLog();
    private final Ticking clock = new Ticking();
    private String firstWord = "";
    private final ProviderChain chain = new ProviderChain(
            new LlmProviders(List.of(new Scripted())),
            new ProviderBreakers(config(BreakerConfig.class), clock),
            config(ProviderCallConfig.class),
            clock,
            new SimpleMeterRegistry());

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"FAILED", "TIMEOUT", "UNREACHABLE", "BUSY", "UNAUTHORIZED", "UNUSABLE"})
    void theNextIsAskedWithItsOwnModel(Reason reason) {
        broken.put("first", reason);

        ProviderChain.Answered answered = ask(target("first", "big"), target("second", "small"));

        assertThat(answered.reply().text()).isEqualTo("second/small");
        assertThat(answered.by().endpoint().name()).isEqualTo("second");
        assertThat(log.attempts()).singleElement().satisfies(failed -> {
            assertThat(failed.provider()).isEqualTo("first");
            assertThat(failed.reason()).isEqualTo(reason.name());
            assertThat(failed.keyOwner()).isEqualTo("platform");
        });
    }

    @Test
    void aRequestThatIsWrongIsWrongEverywhere() {
        broken.put("first", Reason.REJECTED);

        assertThatThrownBy(() -> ask(target("first", "big"), target("second", "small")))
                .isInstanceOf(LlmFailure.class);

        assertThat(asked).containsExactly("first/big");
    }

    @Test
    void nobodyElseIsAskedOnceSomethingWasShown() {
        broken.put("first", Reason.FAILED);
        firstWord = "Half";

        assertThatThrownBy(() -> chain.ask(
                        List.of(target("first", "big"), target("second", "small")),
                        REQUEST,
                        deadline(),
                        shown::add,
                        log))
                .isInstanceOf(LlmFailure.class);

        assertThat(asked).containsExactly("first/big");
        assertThat(shown).containsExactly("Half");
    }

    @Test
    void eachIsGivenTheFilesThatItReads() {
        LlmMessage.File pdf = new LlmMessage.File("application/pdf", "a.pdf", "JVBERg==");
        LlmRequest request = REQUEST.with(List.of(new LlmMessage(Role.USER, List.of(pdf))));
        LlmEndpoint reader = new LlmEndpoint(
                "second", "scripted", null, null, null, TenantId.PLATFORM, List.of(), List.of("application/pdf"));
        broken.put("first", Reason.BUSY);

        chain.ask(List.of(target("first", "big"), new LlmTarget(reader, "small")), request, deadline(), null, log);

        assertThat(seen.get(0).messages().getFirst().text()).contains("you cannot open, called \"a.pdf\"");
        assertThat(seen.get(1).messages().getFirst().parts()).containsExactly(pdf);
    }

    @Test
    void nobodyElseIsAskedAfterTheDeadline() {
        broken.put("first", Reason.TIMEOUT);

        assertThatThrownBy(() -> chain.ask(
                        List.of(target("first", "big"), target("second", "small")),
                        REQUEST,
                        System.nanoTime() - 1,
                        null,
                        log))
                .isInstanceOf(LlmFailure.class);

        assertThat(asked).containsExactly("first/big");
    }

    @Test
    void aProviderThatKeepsFailingRestsAndIsTriedAgainLater() {
        // Given ten failures in a row
        broken.put("first", Reason.BUSY);
        for (int i = 0; i < 10; i++) {
            ask(target("first", "big"), target("second", "small"));
        }
        asked.clear();

        // When / Then it is passed over, and told so where there is nobody else
        ask(target("first", "big"), target("second", "small"));
        assertThat(log.attempts()).singleElement().satisfies(failed -> assertThat(failed.reason())
                .isEqualTo("RESTING"));
        assertThatThrownBy(() -> ask(target("first", "big"))).isInstanceOfSatisfying(LlmFailure.class, failure -> {
            assertThat(failure.reason()).isEqualTo(Reason.RESTING);
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(15));
        });
        assertThat(asked).containsExactly("second/small");

        // a tenant's own key is another matter
        LlmEndpoint own = new LlmEndpoint("first", "scripted", null, null, null).withKey(TENANT, "sk-own");
        assertThatThrownBy(() -> ask(new LlmTarget(own, "big")))
                .isInstanceOfSatisfying(LlmFailure.class, failure -> assertThat(failure.reason())
                        .isEqualTo(Reason.BUSY));

        // after its rest it is tried, and well again after two answers
        clock.now = clock.now.plusSeconds(16);
        broken.clear();
        assertThat(ask(target("first", "big")).reply().text()).isEqualTo("first/big");
        assertThat(ask(target("first", "big")).reply().text()).isEqualTo("first/big");
        broken.put("first", Reason.BUSY);
        ask(target("first", "big"), target("second", "small"));
        assertThat(log.attempts()).singleElement().satisfies(failed -> assertThat(failed.reason())
                .isEqualTo("BUSY"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"REJECTED", "UNUSABLE", "FAILED", "TIMEOUT"})
    void whatACallerCanBringAboutTiresNobody(Reason reason) {
        broken.put("first", reason);
        for (int i = 0; i < 50; i++) {
            assertThatThrownBy(() -> ask(target("first", "big"))).isInstanceOf(LlmFailure.class);
        }
        broken.clear();

        assertThat(ask(target("first", "big")).reply().text()).isEqualTo("first/big");
    }

    @Test
    void anAnswerOfNothingIsPaidForAndTheNextIsAsked() {
        said.put("first", new LlmReply(" ", "big-1", "stop", new LlmReply.Usage(7, 1)));

        assertThat(ask(target("first", "big"), target("second", "small"))
                        .reply()
                        .text())
                .isEqualTo("second/small");

        assertThat(log.spent().parts()).containsExactly(new Spent.Part("first", "big-1", "platform", 7, 1, false));
        assertThat(log.attempts().getFirst().reason()).isEqualTo("UNUSABLE");
    }

    @Test
    void aRefusalIsAnAnswerAndNobodyElseIsAsked() {
        said.put("first", new LlmReply("", "big-1", "content_filter", new LlmReply.Usage(7, 0)));

        LlmReply whole = ask(target("first", "big"), target("second", "small")).reply();
        chain.ask(List.of(target("first", "big")), REQUEST, deadline(), shown::add, log);

        assertThat(whole.text()).isEqualTo("The model refused to answer this.");
        assertThat(whole.finishReason()).isEqualTo("content_filter");
        assertThat(shown).containsExactly("The model refused to answer this.");
        assertThat(asked).containsOnly("first/big");
    }

    @Test
    void whatACutStreamHadSaidIsCounted() {
        broken.put("first", Reason.FAILED);
        firstWord = "Half";

        assertThatThrownBy(() -> chain.ask(List.of(target("first", "big")), REQUEST, deadline(), shown::add, log))
                .isInstanceOf(LlmFailure.class);

        assertThat(log.spent().parts()).singleElement().satisfies(part -> {
            assertThat(part.outputTokens()).isOne();
            assertThat(part.inputTokens()).isEqualTo(TokenEstimate.of(REQUEST));
            assertThat(part.estimated()).isTrue();
        });
    }

    private ProviderChain.Answered ask(LlmTarget... targets) {
        log = new RunLog();
        return chain.ask(List.of(targets), REQUEST, deadline(), null, log);
    }

    private static long deadline() {
        return System.nanoTime() + Duration.ofSeconds(10).toNanos();
    }

    private static LlmTarget target(String name, String model) {
        return new LlmTarget(new LlmEndpoint(name, "scripted", null, null, null), model);
    }

    private static <T> T config(Class<T> type) {
        return new SmallRyeConfigBuilder()
                .withMapping(type)
                .withConverter(Duration.class, 300, text -> Duration.parse("PT" + text))
                .build()
                .getConfigMapping(type);
    }

    private final class Scripted implements LlmProvider {
        @Override
        public String kind() {
            return "scripted";
        }

        @Override
        public LlmReply complete(LlmEndpoint endpoint, LlmRequest request) {
            return stream(endpoint, request, piece -> {});
        }

        @Override
        public LlmReply stream(LlmEndpoint endpoint, LlmRequest request, Consumer<String> delta) {
            String said = endpoint.name() + "/" + request.model();
            asked.add(said);
            seen.add(request);
            if (broken.containsKey(endpoint.name())) {
                if (!firstWord.isEmpty()) {
                    delta.accept(firstWord);
                }
                throw new LlmFailure(broken.get(endpoint.name()), "no");
            }
            LlmReply scripted = ProviderChainTest.this.said.get(endpoint.name());
            if (scripted != null) {
                return scripted;
            }
            delta.accept(said);
            return new LlmReply(said, request.model(), "stop", null);
        }
    }

    private static final class Ticking extends Clock {
        private Instant now = Instant.parse("2026-11-21T10:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
