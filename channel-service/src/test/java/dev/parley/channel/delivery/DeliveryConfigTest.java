package dev.parley.channel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.adapter.AdapterSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeliveryConfigTest {
    private final DeliveryConfig config = AdapterSettings.of(DeliveryConfig.class, Map.of());

    @Test
    void aLeaseOutlastsTheLongestSend() {
        assertThat(config.lease(Duration.ZERO)).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.lease(Duration.ofSeconds(26))).isEqualTo(Duration.ofSeconds(31));
        assertThat(config.lease(Duration.ofSeconds(65))).isEqualTo(Duration.ofSeconds(70));
    }
}
