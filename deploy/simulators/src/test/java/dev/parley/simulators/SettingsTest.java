package dev.parley.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.simulators.razorpay.Razorpay;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void unsetMeansLocalDefaults() {
        assertThat(Settings.from(Map.of()))
                .isEqualTo(new Settings(
                        8190, 8125, "http://127.0.0.1:8080", "whsec_parley_local", World.RAZORPAY, null, true));
    }

    @Test
    void everySettingIsRead() {
        assertThat(Settings.from(Map.of(
                        "PARLEY_SIMULATORS_PORT", "18190",
                        "PARLEY_SIMULATORS_SMTP_PORT", "18125",
                        "PARLEY_PUBLIC_URL", "http://127.0.0.1:18080",
                        "PARLEY_STRIPE_WEBHOOK_SECRET", "whsec_x",
                        "PARLEY_RAZORPAY_KEY_ID", "rzp_test_x",
                        "PARLEY_RAZORPAY_KEY_SECRET", "key",
                        "PARLEY_RAZORPAY_WEBHOOK_SECRET", "hook",
                        "PARLEY_DATA_DIR", "/data",
                        "PARLEY_SIMULATORS_LOG", "counters")))
                .isEqualTo(new Settings(
                        18190,
                        18125,
                        "http://127.0.0.1:18080",
                        "whsec_x",
                        new Razorpay.Secrets("rzp_test_x", "key", "hook"),
                        Path.of("/data/simulators"),
                        false));
    }

    @Test
    void badPortIsNamed() {
        assertThatThrownBy(() -> Settings.from(Map.of("PARLEY_SIMULATORS_PORT", "many")))
                .hasMessage("PARLEY_SIMULATORS_PORT must be a number, not many");
        assertThatThrownBy(() -> Settings.from(Map.of("PARLEY_SIMULATORS_PORT", "70000")))
                .hasMessage("PARLEY_SIMULATORS_PORT must be 0 to 65535, not 70000");
        assertThatThrownBy(() -> Settings.from(Map.of("PARLEY_SIMULATORS_SMTP_PORT", "-1")))
                .hasMessage("PARLEY_SIMULATORS_SMTP_PORT must be 0 to 65535, not -1");
    }
}
