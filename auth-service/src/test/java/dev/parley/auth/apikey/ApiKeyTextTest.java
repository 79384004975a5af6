package dev.parley.auth.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApiKeyTextTest {
    @Test
    void aNewKeyReadsBackAndIsNeverTheSame() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            String key = ApiKeyText.create().secret().value();
            assertThat(key).matches("pk_live_[0-9A-Za-z]{38}");
            assertThat(ApiKeyText.parse(key)).isPresent();
            assertThat(seen.add(key)).isTrue();
        }
    }

    @Test
    void theChecksumIsCrc32InBase62() {
        String zeros = "pk_live_" + "0".repeat(32);

        // computed with zlib, independently of this code
        assertThat(ApiKeyText.parse(zeros + "2ydDIO")).isPresent();
    }

    @Test
    void everyChangedCharacterIsFound() {
        String key = ApiKeyText.create().secret().value();
        for (int i = 0; i < key.length(); i++) {
            char other = key.charAt(i) == 'x' ? 'y' : 'x';
            String changed = key.substring(0, i) + other + key.substring(i + 1);
            assertThat(ApiKeyText.parse(changed)).as("character " + i).isEmpty();
        }
        assertThat(ApiKeyText.parse(key + "0")).isEmpty();
        assertThat(ApiKeyText.parse(key.substring(1))).isEmpty();
    }

    @Test
    void itNeverShowsItselfInLogs() {
        ApiKeyText key = ApiKeyText.create();

        assertThat(key.toString()).doesNotContain(key.secret().value());
        assertThat(key.secret().value()).startsWith(key.prefix());
        assertThat(key.prefix()).hasSize(12);
    }
}
