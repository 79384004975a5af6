package dev.parley.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.Keys;
import org.junit.jupiter.api.Test;

class ApiKeyFormatTest {
    private static final String KEY = "pk_live_A1b2C3d4A1b2C3d4A1b2C3d4A1b2C3d4";

    @Test
    void knownKeyHasItsChecksum() {
        assertThat(ApiKeyFormat.checksum(KEY)).isEqualTo("3PmMcT");
        assertThat(ApiKeyFormat.valid(KEY + "3PmMcT")).isTrue();
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String key = Keys.apiKey();
        assertThat(ApiKeyFormat.valid(key)).isTrue();
        for (int i = 0; i < key.length(); i++) {
            char other = key.charAt(i) == 'x' ? 'y' : 'x';
            assertThat(ApiKeyFormat.valid(key.substring(0, i) + other + key.substring(i + 1)))
                    .isFalse();
        }
    }

    @Test
    void otherFormsAreNoKeys() {
        String key = Keys.apiKey();
        assertThat(ApiKeyFormat.valid(key + "0")).isFalse();
        assertThat(ApiKeyFormat.valid(key.substring(1))).isFalse();
        assertThat(ApiKeyFormat.valid("pk_")).isFalse();
        assertThat(ApiKeyFormat.valid(key.substring(0, 20) + "é" + key.substring(21)))
                .isFalse();
    }
}
