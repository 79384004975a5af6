package dev.parley.agent.prompt.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.platform.statistics.Rate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GuardTest {
    @Test
    void theIntervalIsWilsons() {
        // figures of Newcombe 1998, Statistics in Medicine 17, table I, method 3
        Rate rate = new Rate(81, 263);
        assertThat(rate.lower(1.96)).isCloseTo(0.2553, within(0.0001));
        assertThat(rate.upper(1.96)).isCloseTo(0.3662, within(0.0001));
        assertThat(new Rate(0, 20).lower(1.96)).isZero();
        assertThat(new Rate(0, 20).upper(1.96)).isCloseTo(0.1611, within(0.0001));
        assertThat(new Rate(1, 29).lower(1.96)).isCloseTo(0.0061, within(0.0001));
        assertThat(new Rate(0, 0).lower(1.96)).isZero();
        assertThat(new Rate(0, 0).upper(1.96)).isOne();
    }

    @Test
    void theDifferenceIsNewcombes() {
        // the same author, ibid. pages 873 ff., example (a): 56/70 against 48/80 is 0.0524 to 0.3339
        assertThat(new Rate(56, 70).excessOver(new Rate(48, 80), 1.96)).isCloseTo(0.0524, within(0.0001));
    }

    @Test
    void aLimitBreaksOnlyWhenItIsAllButSure() {
        Guard guard = new Guard("failure_rate", 0.10, null);
        assertThat(guard.breach(failures(10, 50), Figures.NONE, 50)).isEmpty();
        assertThat(guard.breach(failures(25, 100), Figures.NONE, 50)).hasValueSatisfying(breach -> {
            assertThat(breach.observed()).isEqualTo(0.25);
            assertThat(breach.sample()).isEqualTo(100);
            assertThat(breach.compared()).isNull();
            assertThat(breach.sentence()).isEqualTo("failure_rate is 0.2500 in 100 cases, more than 0.1000");
        });
    }

    /** What stands at its limit is looked at after every case, and hardly ever broken off: a fixed z would do that often. */
    @Test
    void lookingAgainAndAgainBreaksHardlyAnythingThatStandsAtItsLimit() {
        Guard guard = new Guard("failure_rate", 0.10, null);
        Random random = new Random(20261121);
        int broken = 0;
        int brokenByFixed = 0;
        for (int experiment = 0; experiment < 400; experiment++) {
            long failed = 0;
            boolean breach = false;
            boolean fixed = false;
            for (int cases = 1; cases <= 2000; cases++) {
                failed += random.nextDouble() < 0.10 ? 1 : 0;
                breach |=
                        guard.breach(failures(failed, cases), Figures.NONE, 50).isPresent();
                fixed |= cases >= 50 && new Rate(failed, cases).lower(2.576) > 0.10;
            }
            broken += breach ? 1 : 0;
            brokenByFixed += fixed ? 1 : 0;
        }
        assertThat(broken).isLessThanOrEqualTo(2);
        assertThat(brokenByFixed).isGreaterThan(8);
    }

    @Test
    void oneTenantAloneTakesNothingOffDutyThatOthersAreAnsweredBy() {
        Guard guard = new Guard("failure_rate", 0.10, null);
        Figures bad = failures(200, 200);
        Figures good = failures(0, 60);
        assertThat(guard.breach(new Seen(List.of(bad)), Figures.NONE, 50)).isPresent();
        assertThat(guard.breach(new Seen(List.of(bad, good)), Figures.NONE, 50)).isEmpty();
        assertThat(guard.breach(new Seen(List.of(bad, failures(3, 3))), Figures.NONE, 50))
                .as("the others are too few to say anything")
                .isEmpty();
        assertThat(guard.breach(new Seen(List.of(bad, good, failures(80, 80))), Figures.NONE, 50))
                .hasValueSatisfying(breach -> assertThat(breach.sample()).isEqualTo(340));
    }

    @Test
    void fewCasesAreNotJudged() {
        Guard guard = new Guard("failure_rate", 0.10, null);
        assertThat(guard.breach(failures(49, 49), Figures.NONE, 50)).isEmpty();
        assertThat(guard.breach(failures(50, 50), Figures.NONE, 50)).isPresent();
    }

    @Test
    void worseThanTheControlNeedsBothToBeSeenEnough() {
        Guard guard = new Guard("failure_rate", null, 0.05);
        assertThat(guard.breach(failures(60, 200), failures(0, 49), 50)).isEmpty();
        assertThat(guard.breach(failures(60, 200), failures(10, 200), 50))
                .hasValueSatisfying(breach -> assertThat(breach.compared()).isEqualTo(0.05));
        assertThat(guard.breach(failures(20, 200), failures(10, 200), 50)).isEmpty();
    }

    @Test
    void costIsComparedByItsShare() {
        Guard guard = new Guard("tokens_per_reply", null, 0.2);
        assertThat(guard.breach(tokens(100, 150, 10), tokens(100, 100, 10), 50)).hasValueSatisfying(breach -> {
            assertThat(breach.observed()).isEqualTo(150);
            assertThat(breach.compared()).isEqualTo(100);
        });
        assertThat(guard.breach(tokens(100, 115, 10), tokens(100, 100, 10), 50)).isEmpty();
        assertThat(guard.breach(tokens(100, 150, 300), tokens(100, 100, 300), 50))
                .as("the figures scatter too much to be sure")
                .isEmpty();
    }

    @Test
    void handOffsRefusalsAndCreditsAreGuardedToo() {
        Figures bad = new Figures(100, 0, 40, 0, 0, 100, 900, 8100.0, 80, 40, 80, 40);
        Figures good = new Figures(100, 0, 1, 0, 0, 100, 300, 900.0, 80, 2, 80, 78);
        for (String metric : new String[] {"refusal_rate", "handoff_rate", "unresolved_rate", "credits_per_reply"}) {
            assertThat(new Guard(metric, null, 0.1).breach(bad, good, 50))
                    .as(metric)
                    .isPresent();
            assertThat(new Guard(metric, null, 0.1).breach(good, bad, 50))
                    .as(metric)
                    .isEmpty();
        }
    }

    private static Figures failures(long failed, long of) {
        return new Figures(of - failed, failed, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Half of the replies above and half below the mean, by the same distance. */
    private static Figures tokens(long replies, long mean, long scatter) {
        double squares = replies * ((double) mean * mean + (double) scatter * scatter);
        return new Figures(replies, 0, 0, replies * mean, squares, 0, 0, 0, 0, 0, 0, 0);
    }
}
