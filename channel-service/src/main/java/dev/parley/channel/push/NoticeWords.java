package dev.parley.channel.push;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands on a device: the beginning of an answer, or that there is one. */
@ApplicationScoped
class NoticeWords {
    private static final String FILE = "/words/push.json";
    private static final String OTHERWISE = "en";
    private static final String MORE = "…";
    private static final int LONGEST_TITLE = 60;

    private final Map<String, String> texts;

    NoticeWords(ObjectMapper json) {
        try (InputStream file = NoticeWords.class.getResourceAsStream(FILE)) {
            this.texts = json.readValue(file, new TypeReference<Map<String, String>>() {});
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** That there is an answer, in that language or in English. */
    String in(@Nullable String language) {
        String primary = language == null ? OTHERWISE : language.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        return texts.getOrDefault(primary, texts.get(OTHERWISE));
    }

    /** The beginning of an answer in one line; the words of {@link #in} when it has none. */
    String preview(String answer, @Nullable String language, int most) {
        String line = line(answer);
        return line.isEmpty() ? in(language) : cut(line, most);
    }

    /** Who speaks, in one line. */
    static String title(String name) {
        return cut(line(name), LONGEST_TITLE);
    }

    private static String line(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{IsWhite_Space}]+", " ").strip();
    }

    private static String cut(String line, int most) {
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most - 1)).stripTrailing() + MORE;
    }
}
