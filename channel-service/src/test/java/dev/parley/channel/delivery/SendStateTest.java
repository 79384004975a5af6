package dev.parley.channel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.SendOutcome.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SendStateTest {
    private static final SendOutcome.Later LATER = new SendOutcome.Later(Duration.ofSeconds(2), "busy");

    @Test
    void everyOutcomeHasItsState() {
        assertThat(SendState.after(new SendOutcome.Sent("1"), 1, true)).isEqualTo(SendState.SENT);
        assertThat(SendState.after(new SendOutcome.Refused("no"), 1, true)).isEqualTo(SendState.FAILED);
        assertThat(SendState.after(new SendOutcome.Ambiguous("?"), 1, true)).isEqualTo(SendState.AMBIGUOUS);
        assertThat(SendState.after(LATER, 1, true)).isEqualTo(SendState.PENDING);
        assertThat(SendState.after(new SendOutcome.Moved("x"), 1, true)).isEqualTo(SendState.PENDING);
    }

    @Test
    void aMessageIsTriedAsLongAsItIsYoungHoweverOften() {
        assertThat(SendState.after(LATER, 99, true)).isEqualTo(SendState.PENDING);
        assertThat(SendState.after(LATER, 1, false)).isEqualTo(SendState.FAILED);
        assertThat(SendState.after(new SendOutcome.Moved("x"), 8, true)).isEqualTo(SendState.FAILED);
    }

    @Test
    void aClosedWindowHoldsAndLostCredentialsWait() {
        SendOutcome closed = new SendOutcome.Refused(Refusal.WINDOW_CLOSED, "131047");
        SendOutcome unknown = new SendOutcome.Refused(Refusal.ACCOUNT, "401");

        assertThat(SendState.after(closed, 1, true)).isEqualTo(SendState.HELD);
        assertThat(SendState.after(closed, 1, false)).isEqualTo(SendState.HELD);
        assertThat(SendState.after(unknown, 1, true)).isEqualTo(SendState.PENDING);
        assertThat(SendState.after(unknown, 1, false)).isEqualTo(SendState.FAILED);
        assertThat(SendState.pause(unknown, 1)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void pausesDoubleUpToFiveMinutesAndAreNeverShorterThanTold() {
        assertThat(SendState.pause(LATER, 1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(SendState.pause(LATER, 3)).isEqualTo(Duration.ofSeconds(8));
        assertThat(SendState.pause(new SendOutcome.Later(Duration.ofSeconds(60), "x"), 7))
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(SendState.pause(new SendOutcome.Later(Duration.ofMinutes(7), "x"), 1))
                .isEqualTo(Duration.ofMinutes(7));
        assertThat(SendState.pause(new SendOutcome.Moved("x"), 1)).isZero();
    }

    @Test
    void whoseAccountOrRecipientRestsWaitsAsLongAsToldHoweverOften() {
        assertThat(SendState.pause(new SendOutcome.Later(Duration.ofSeconds(30), "429", SendOutcome.Scope.ACCOUNT), 6))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(SendState.pause(
                        new SendOutcome.Later(Duration.ofSeconds(30), "429", SendOutcome.Scope.RECIPIENT), 6))
                .isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void onlyFourStatesAreEnds() {
        assertThat(SendState.values())
                .filteredOn(SendState::ended)
                .containsExactly(SendState.SENT, SendState.FAILED, SendState.AMBIGUOUS, SendState.CANCELLED);
    }
}
