package dev.parley.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class VendorSettingsTest {
    private static final String SIMULATORS = "http://127.0.0.1:8190";

    @Test
    void everyVendorIsTheSimulatorUnlessSaidOtherwise() {
        Map<String, String> settings = VendorSettings.from(SIMULATORS, Map.of());

        assertThat(settings)
                .containsEntry("PARLEY_LLM_BASE_URL", "http://127.0.0.1:8190/llm/v1")
                .containsEntry("PARLEY_STRIPE_API_BASE", "http://127.0.0.1:8190/stripe")
                .containsEntry("PARLEY_STRIPE_WEBHOOK_SECRET", "whsec_parley_local")
                .containsEntry("PARLEY_TELEGRAM_API_BASE", "http://127.0.0.1:8190/telegram")
                .containsEntry("PARLEY_WHATSAPP_API_BASE", "http://127.0.0.1:8190/whatsapp")
                .containsEntry("PARLEY_TWILIO_API_BASE", "http://127.0.0.1:8190/twilio")
                .containsEntry("PARLEY_FCM_API_BASE", "http://127.0.0.1:8190/fcm")
                .containsEntry("PARLEY_FCM_TOKEN_URL", "http://127.0.0.1:8190/fcm/token")
                .containsEntry("PARLEY_RAZORPAY_API_BASE", "http://127.0.0.1:8190/razorpay")
                .containsEntry("PARLEY_RAZORPAY_WEBHOOK_SECRET", "rzp_parley_local")
                .containsEntry("PARLEY_RAZORPAY_CLOCKS_URL", "http://127.0.0.1:8190/_control/razorpay/clocks");
    }

    @Test
    void razorpayItselfHasNoClocks() {
        assertThat(VendorSettings.from(SIMULATORS, Map.of("PARLEY_RAZORPAY_API_BASE", "https://api.razorpay.com")))
                .doesNotContainKey("PARLEY_RAZORPAY_CLOCKS_URL");
    }

    @Test
    void callersEnvironmentWins() {
        Map<String, String> settings =
                VendorSettings.from(SIMULATORS, Map.of("PARLEY_LLM_BASE_URL", "http://127.0.0.1:11434/v1"));

        assertThat(settings)
                .containsEntry("PARLEY_LLM_BASE_URL", "http://127.0.0.1:11434/v1")
                .containsEntry("PARLEY_STRIPE_API_BASE", "http://127.0.0.1:8190/stripe");
    }

    @Test
    void settingThatIsNotAVendorsIsNotPassedOn() {
        assertThat(VendorSettings.from(SIMULATORS, Map.of("PARLEY_DB_URL", "jdbc:postgresql://elsewhere/x")))
                .doesNotContainKey("PARLEY_DB_URL");
    }
}
