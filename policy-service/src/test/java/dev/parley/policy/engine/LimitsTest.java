package dev.parley.policy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.policy.engine.Standing.Counter;
import dev.parley.policy.engine.Verdict.Limit;
import dev.parley.policy.rating.Rate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which limits an answer names, and what would be held of them. */
class LimitsTest {
    private static final UUID TENANT = new UUID(0, 1);
    private static final Instant END = Instant.parse("2026-12-01T00:00:00Z");
    private static final Rules RULES = new Rules(3, new Sizing(8000, 1000, 1024, 64), List.of());
    private static final Standing STANDING =
            new Standing(100, 70, 20, Map.of("messages", new Counter(4, 3), "posts", new Counter(9, 0)));

    private final PolicyEngine engine = new PolicyEngine(RULES);

    private static Terms terms(Map<String, Long> quotas) {
        return new Terms(
                1,
                1,
                false,
                SubscriptionStatus.ACTIVE,
                "p",
                1,
                Set.of("*"),
                Set.of("*"),
                Map.of("message", new Rate(5, 1)),
                Map.of(),
                Set.of(),
                quotas,
                Overage.NONE,
                null,
                END);
    }

    private Verdict decide(Map<String, Long> quotas, Map<String, Long> estimate) {
        return engine.decide(terms(quotas), new Ask(TENANT, "a", "c", null, estimate), STANDING);
    }

    @Test
    void decidesByTheRulesItWasMadeFor() {
        assertThat(engine.rules()).isSameAs(RULES);
    }

    @Test
    void withoutQuotasThereAreOnlyCredits() {
        assertThat(decide(Map.of(), Map.of("posts", 1L)).limits())
                .containsExactly(new Limit("credits", 100, 30, 20, 50, END));
    }

    @Test
    void quotasOfThePeriodFollowTheCreditsByTheirNames() {
        assertThat(decide(Map.of("posts", 10L, "messages", 20L, "leads", 5L), Map.of("posts", 1L, "message", 1L))
                        .limits())
                .containsExactly(
                        new Limit("credits", 100, 30, 20, 50, END),
                        new Limit("messages", 20, 4, 3, 13, END),
                        new Limit("posts", 10, 9, 0, 1, END));
    }

    @Test
    void stocksComeLastAndDoNotReset() {
        assertThat(decide(Map.of("seats", 3L), Map.of("seats", 2L)).limits())
                .containsExactly(new Limit("credits", 100, 30, 20, 50, END), new Limit("seats", 3, 2, 0, 1, null));
        assertThat(decide(Map.of("seats", 3L, "keys", 9L, "posts", 10L), Map.of("seats", 2L, "keys", 8L, "posts", 1L))
                        .limits())
                .extracting(Limit::meter)
                .containsExactly("credits", "posts", "keys", "seats");
    }

    @ParameterizedTest
    @CsvSource({
        // granted, available, held, want, held then
        "100, 70, 20, 30, 30",
        "100, 70, 20, 50, 50",
        "100, 70, 20, 51, 50",
        "100, 10, 20, 5, 0"
    })
    void whatWouldBeHeldIsTheWorstCaseOrWhatIsLeft(long granted, long available, long held, long want, long expected) {
        Reservation reservation = new Reservation(want, 0, 0, Map.of(), Map.of(), 0, 0, 0, null);
        Verdict verdict = engine.fits(terms(Map.of()), reservation, new Standing(granted, available, held, Map.of()));

        assertThat(verdict.heldCredits()).isEqualTo(expected);
    }

    @Test
    void nothingIsHeldOfADenialOrBeforeTheFiguresAreKnown() {
        Ask ask = new Ask(TENANT, "a", "c", null, Map.of("message", 1L));

        assertThat(engine.admit(terms(Map.of()), ask).heldCredits()).isNull();
        assertThat(engine.decide(Terms.withoutSubscription(0, false), ask, STANDING)
                        .heldCredits())
                .isNull();
        assertThat(engine.decide(terms(Map.of()), ask, Standing.EMPTY).heldCredits())
                .isNull();
    }

    @Test
    void aDenialFitsOnlyWhatFitsAllItsConditions() {
        Denial denial = new Denial("d", Set.of("a"), Set.of("c"), Set.of("p"), Set.of(TENANT), "r");

        assertThat(denial.denies(terms(Map.of()), ask(TENANT, "a", "c"))).isTrue();
        assertThat(denial.denies(terms(Map.of()), ask(new UUID(0, 2), "a", "c")))
                .isFalse();
        assertThat(denial.denies(terms(Map.of()), ask(TENANT, "b", "c"))).isFalse();
        assertThat(denial.denies(terms(Map.of()), ask(TENANT, null, "c"))).isFalse();
        assertThat(denial.denies(terms(Map.of()), ask(TENANT, "a", "x"))).isFalse();
        assertThat(denial.denies(Terms.withoutSubscription(0, false), ask(TENANT, "a", "c")))
                .isFalse();
        assertThat(new Denial("all", Set.of(), Set.of(), Set.of(), Set.of(), "r")
                        .denies(terms(Map.of()), ask(TENANT, null, null)))
                .isTrue();
    }

    private static Ask ask(UUID tenant, String agent, String channel) {
        return new Ask(tenant, agent, channel, null, Map.of());
    }
}
