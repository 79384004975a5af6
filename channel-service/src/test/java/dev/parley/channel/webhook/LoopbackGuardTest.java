package dev.parley.channel.webhook;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints on our own machine are for installations that nobody else reaches. */
class LoopbackGuardTest {
    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8080", "http://localhost:18080", "http://[::1]:8080"})
    void anInstallationOfOneMachineStarts(String publicUrl) {
        assertThatCode(guard(true, publicUrl)::demandLocal).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://api.example.com", "http://192.168.1.4:8080", "https://127.0.0.1.example.com"})
    void oneThatOthersReachDoesNot(String publicUrl) {
        assertThatThrownBy(guard(true, publicUrl)::demandLocal).hasMessageContaining("PARLEY_WEBHOOK_LOOPBACK");
        assertThatCode(guard(false, publicUrl)::demandLocal).doesNotThrowAnyException();
    }

    private static LoopbackGuard guard(boolean loopback, String publicUrl) {
        return new LoopbackGuard(new WebhookSettings(loopback, Duration.ZERO, publicUrl));
    }
}
