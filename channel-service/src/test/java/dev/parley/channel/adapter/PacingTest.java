package dev.parley.channel.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.channel.adapter.telegram.TelegramConfig;
import dev.parley.channel.adapter.twilio.TwilioConfig;
import dev.parley.channel.adapter.whatsapp.WhatsAppConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacingTest {
    @Test
    void aRateLetsABurstGoAheadOfItsTime() {
        assertThat(new Rate(Duration.ofMillis(40), 5).slack()).isEqualTo(Duration.ofMillis(160));
        assertThat(new Rate(Duration.ofSeconds(1), 1).slack()).isZero();
        assertThatThrownBy(() -> new Rate(Duration.ZERO, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Rate(Duration.ofSeconds(1), 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatTheVendorsAllowIsNeverPassed() {
        TelegramConfig telegram = AdapterSettings.of(TelegramConfig.class);
        WhatsAppConfig whatsapp = AdapterSettings.of(WhatsAppConfig.class);
        TwilioConfig twilio = AdapterSettings.of(TwilioConfig.class);

        assertThat(most(new Rate(telegram.botEvery(), telegram.botBurst()), Duration.ofSeconds(1)))
                .isEqualTo(30);
        assertThat(most(new Rate(telegram.groupEvery(), telegram.groupBurst()), Duration.ofMinutes(1)))
                .isEqualTo(20);
        assertThat(telegram.pace()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(most(new Rate(whatsapp.numberEvery(), whatsapp.numberBurst()), Duration.ofSeconds(1)))
                .isEqualTo(79);
        assertThat(whatsapp.pairEvery()).isEqualTo(Duration.ofSeconds(6));
        assertThat(whatsapp.pairBurst()).isEqualTo(45);
        assertThat(twilio.numberEvery()).isEqualTo(Duration.ofSeconds(1));
    }

    /** How many go within any such time. */
    private static long most(Rate rate, Duration time) {
        return rate.burst() + time.dividedBy(rate.every());
    }
}
