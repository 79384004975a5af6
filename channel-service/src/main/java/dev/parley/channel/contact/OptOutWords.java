package dev.parley.channel.contact;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows the words by which people end and begin to be written to. A message is such a word only as a whole: whoever
 * writes "please stop the delivery" speaks to the agent.
 */
@ApplicationScoped
public class OptOutWords {
    private static final String FILE = "/words/opt-out.json";
    private static final String OTHERWISE = "en";
    /** Longer than every word with the punctuation around it. */
    private static final int LONGEST = 64;

    private final Map<String, Wish> wishes = new HashMap<>();
    private final Map<String, Notices> notices = new HashMap<>();

    OptOutWords(ObjectMapper json) {
        try (InputStream file = OptOutWords.class.getResourceAsStream(FILE)) {
            json.readValue(file, new TypeReference<Map<String, Language>>() {}).forEach((language, words) -> {
                words.stop().forEach(word -> wishes.put(plain(word), Wish.STOP));
                words.start().forEach(word -> wishes.put(plain(word), Wish.START));
                notices.put(language, new Notices(words.stopped(), words.started()));
            });
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What a message wishes. */
    public enum Wish {
        /** To be sent nothing more. */
        STOP,
        /** To be written to again, of somebody who had opted out: the same words are small talk otherwise. */
        START,
        /** Something for the agent. */
        NONE
    }

    /** What a message as a whole wishes. */
    public Wish read(String text) {
        return text.length() > LONGEST ? Wish.NONE : wishes.getOrDefault(plain(text), Wish.NONE);
    }

    /** The word alone, as it is compared and kept. */
    public static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[\\p{P}\\p{S}\\p{C}]", " ")
                .strip()
                .replaceAll("\\s+", " ");
    }

    /** What is said to somebody who opted out, or in again. */
    public String notice(Wish wish, @Nullable String language) {
        String primary = language == null ? OTHERWISE : language.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        Notices texts = notices.getOrDefault(primary, notices.get(OTHERWISE));
        return wish == Wish.STOP ? texts.stopped() : texts.started();
    }

    private record Notices(String stopped, String started) {}

    private record Language(Set<String> stop, Set<String> start, String stopped, String started) {}
}
