package dev.parley.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MailSettingsTest {

    @Test
    void withoutAServerMailGoesToTheCatcher() {
        assertThat(MailSettings.from(8125, Map.of("PARLEY_SMTP_PASSWORD", "left over")))
                .containsEntry("PARLEY_SMTP_HOST", "127.0.0.1")
                .containsEntry("PARLEY_SMTP_PORT", "8125")
                .containsEntry("PARLEY_SMTP_TLS", "none")
                .containsEntry("PARLEY_SMTP_PASSWORD", "")
                .containsEntry("PARLEY_MAIL_FROM", "no-reply@parley.local");
    }

    @Test
    void theCallersServerIsUsedWithTls() {
        assertThat(MailSettings.from(8125, Map.of("PARLEY_SMTP_HOST", "smtp.example.com", "PARLEY_SMTP_USER", "u")))
                .containsEntry("PARLEY_SMTP_HOST", "smtp.example.com")
                .containsEntry("PARLEY_SMTP_PORT", "587")
                .containsEntry("PARLEY_SMTP_USER", "u")
                .containsEntry("PARLEY_SMTP_TLS", "starttls");
    }
}
