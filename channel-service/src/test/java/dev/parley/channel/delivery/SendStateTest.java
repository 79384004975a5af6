package dev.parley.channel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.adapter.SendOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SendStateTest {
    private static final SendOutcome.Later LATER = new SendOutcome.Later(Duration.ofSeconds(2), "busy");

    @Test
    void everyOutcomeHasItsState() {
        assertThat(SendState.after(new SendOutcome.Sent("1"), 1)).isEqualTo(SendState.SENT);
        assertThat(SendState.after(new SendOutcome.Refused("no"), 1)).isEqualTo(SendState.FAILED);
        assertThat(SendState.after(new SendOutcome.Ambiguous("?"), 1)).isEqualTo(SendState.AMBIGUOUS);
        assertThat(SendState.after(LATER, 1)).isEqualTo(SendState.PENDING);
        assertThat(SendState.after(new SendOutcome.Moved("x"), 1)).isEqualTo(SendState.PENDING);
    }

    @Test
    void theEighthRefusalToTakeItNowIsTheLast() {
        assertThat(SendState.after(LATER, 7)).isEqualTo(SendState.PENDING);
        assertThat(SendState.after(LATER, 8)).isEqualTo(SendState.FAILED);
        assertThat(SendState.after(new SendOutcome.Moved("x"), 8)).isEqualTo(SendState.FAILED);
    }

    @Test
    void pausesDoubleUpToFiveMinutesAndAreNeverShorterThanTold() {
        assertThat(SendState.pause(LATER, 1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(SendState.pause(LATER, 3)).isEqualTo(Duration.ofSeconds(8));
        assertThat(SendState.pause(new SendOutcome.Later(Duration.ofSeconds(60), "x"), 7))
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(SendState.pause(new SendOutcome.Later(Duration.ofMinutes(20), "x"), 1))
                .isEqualTo(Duration.ofMinutes(20));
        assertThat(SendState.pause(new SendOutcome.Moved("x"), 1)).isZero();
    }

    @Test
    void onlyFourStatesAreEnds() {
        assertThat(SendState.values())
                .filteredOn(SendState::ended)
                .containsExactly(SendState.SENT, SendState.FAILED, SendState.AMBIGUOUS, SendState.CANCELLED);
    }
}
