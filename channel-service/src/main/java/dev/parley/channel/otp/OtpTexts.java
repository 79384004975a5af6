package dev.parley.channel.otp;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.delivery.DeliveryService;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Knows the words around a code. */
@ApplicationScoped
class OtpTexts {
    private static final String FILE = "/words/code.json";
    private static final String OTHERWISE = "en";

    private final Map<String, String> texts;

    OtpTexts(ObjectMapper json) {
        try (InputStream file = OtpTexts.class.getResourceAsStream(FILE)) {
            this.texts = json.readValue(file, new TypeReference<Map<String, String>>() {});
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The text in that language, or in English, with the mask where the code belongs. */
    String masked(String purpose, Duration life, @Nullable String language) {
        String primary = language == null ? OTHERWISE : language.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        return texts.getOrDefault(primary, texts.get(OTHERWISE))
                .replace("{code}", DeliveryService.MASK)
                .replace("{minutes}", Long.toString(Math.max(1, life.toMinutes())))
                .replace("{purpose}", purpose);
    }
}
