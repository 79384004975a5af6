package dev.parley.agent.httptool;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.address.Addresses;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToolAddressesTest {
    @Test
    void whoAllowsThisMachineSaysThatNobodyElseReachesIt() throws Exception {
        assertThatThrownBy(addresses(Map.of("PARLEY_WEBHOOK_LOOPBACK", "true"))::demandLocal)
                .hasMessageContaining("PARLEY_PUBLIC_URL");
        assertThatCode(
                        addresses(Map.of(
                                "PARLEY_WEBHOOK_LOOPBACK", "true", "PARLEY_PUBLIC_URL", "http://127.0.0.1:8080"))
                                ::demandLocal)
                .doesNotThrowAnyException();
        assertThatCode(addresses(Map.of())::demandLocal).doesNotThrowAnyException();
    }

    private static Addresses addresses(Map<String, String> environment) throws IOException {
        return new Addresses(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(
                        ToolAddressesTest.class.getClassLoader().getResource("application.properties")))
                .withSources(new PropertiesConfigSource(environment, "environment", 400))
                .withMapping(HttpToolConfig.class)
                .withConverter(
                        Duration.class,
                        300,
                        text -> Duration.parse(text.startsWith("P") ? text : "PT" + text.toUpperCase()))
                .build()
                .getConfigMapping(HttpToolConfig.class));
    }
}
