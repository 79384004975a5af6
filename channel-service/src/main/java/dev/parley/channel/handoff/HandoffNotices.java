package dev.parley.channel.handoff;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Knows what customers are told who go on writing while nobody has come yet. */
@ApplicationScoped
class HandoffNotices {
    private static final String FILE = "/words/waiting.json";
    private static final String OTHERWISE = "en";

    private final Map<String, String> texts;

    HandoffNotices(ObjectMapper json) {
        try (InputStream file = HandoffNotices.class.getResourceAsStream(FILE)) {
            this.texts = json.readValue(file, new TypeReference<Map<String, String>>() {});
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The notice in that language, or in English. */
    String in(@Nullable String language) {
        String primary = language == null ? OTHERWISE : language.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        return texts.getOrDefault(primary, texts.get(OTHERWISE));
    }
}
