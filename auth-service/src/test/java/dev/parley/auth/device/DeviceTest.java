package dev.parley.auth.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0|Firefox on Linux",
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0|Edge on Windows",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604|Safari on iPhone",
                "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36|Chrome on Android",
                "curl/8.5.0|curl/8.5.0",
                "<script>alert(1)</script>|unknown"
            })
    void aDeviceIsNamedForPeople(String agent, String name) {
        assertThat(Device.name(agent)).isEqualTo(name);
    }

    @Test
    void aLongOrMissingNameIsNotKept() {
        assertThat(Device.name("x".repeat(5000))).hasSize(100);
        assertThat(Device.name(null)).isEqualTo("unknown");
    }
}
