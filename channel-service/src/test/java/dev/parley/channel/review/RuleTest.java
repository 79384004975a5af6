package dev.parley.channel.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.id.Ids;
import dev.parley.platform.statistics.Rate;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {
    /** Wilson's lower bound of n out of n is n / (n + 1.96²): 73 are the first that reach 0.95. */
    @ParameterizedTest
    @CsvSource({"0,0,false", "72,72,false", "73,73,true", "99,100,false", "198,200,true", "195,200,false"})
    void autopilotIsEarnedByARateThatIsAllButSurelyGoodEnough(long unchanged, long reviewed, boolean earned) {
        assertThat(rule(Mode.REVIEW, 10).earnedBy(new Rate(unchanged, reviewed)))
                .isEqualTo(earned);
    }

    @ParameterizedTest
    @CsvSource({"190,200,false", "189,200,true", "95,100,false", "94,100,true"})
    void itIsLostByTheRateItself(long unchanged, long reviewed, boolean lost) {
        assertThat(rule(Mode.AUTOPILOT, 10).lostBy(new Rate(unchanged, reviewed)))
                .isEqualTo(lost);
    }

    @Test
    void underReviewEachReplyWaits() {
        assertThat(messages(1000)
                        .filter(message -> rule(Mode.REVIEW, 10).keepsBack(message))
                        .count())
                .isEqualTo(1000);
    }

    @Test
    void onAutopilotOneInTenWaitsAndAnotherAttemptFindsTheSame() {
        Rule rule = rule(Mode.AUTOPILOT, 10);

        assertThat(messages(10_000).filter(rule::keepsBack).count()).isBetween(850L, 1150L);
        UUID message = Ids.next();
        assertThat(rule.keepsBack(message)).isEqualTo(rule.keepsBack(message));
    }

    private static Stream<UUID> messages(int count) {
        return Stream.generate(Ids::next).limit(count);
    }

    private static Rule rule(Mode mode, int oneIn) {
        return new Rule("concierge", "telegram", mode, 0.95, 200, oneIn);
    }
}
