package dev.parley.platform.address;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses on our own machine are for installations that nobody else reaches. */
class AddressRulesTest {
    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8080", "http://localhost:18080", "http://[::1]:8080"})
    void anInstallationOfOneMachineStarts(String publicUrl) {
        assertThatCode(rules(true, publicUrl)::demandLocal).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://api.example.com", "http://192.168.1.4:8080", "https://127.0.0.1.example.com"})
    void oneThatOthersReachDoesNot(String publicUrl) {
        assertThatThrownBy(rules(true, publicUrl)::demandLocal).hasMessageContaining("PARLEY_WEBHOOK_LOOPBACK");
        assertThatCode(rules(false, publicUrl)::demandLocal).doesNotThrowAnyException();
    }

    private static Addresses rules(boolean loopback, String publicUrl) {
        return new Addresses(new Rules(loopback, Duration.ZERO, publicUrl));
    }
}
