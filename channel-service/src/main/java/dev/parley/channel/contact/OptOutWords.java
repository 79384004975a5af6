package dev.parley.channel.contact;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows the words by which people end and begin to be written to. A message is such a word only as a whole: whoever
 * writes "please stop the delivery" speaks to the agent.
 */
@ApplicationScoped
public class OptOutWords {
    private static final String FILE = "/words/opt-out.json";
    private static final String OTHERWISE = "en";
    private static final String TEXT_MESSAGE = "sms";
    /** Longer than every word with the punctuation around it. */
    private static final int LONGEST = 64;

    private static final Pattern SIGNS = Pattern.compile("[\\p{P}\\p{S}\\p{C}]");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private final Map<String, Words> byLanguage = new HashMap<>();
    private final Map<String, Wish> byTextMessage = new HashMap<>();

    OptOutWords(ObjectMapper json) {
        try (InputStream file = OptOutWords.class.getResourceAsStream(FILE)) {
            json.readValue(file, new TypeReference<Map<String, Language>>() {}).forEach((language, words) -> {
                Map<String, Wish> wishes = new HashMap<>();
                words.stop().forEach(word -> wishes.put(plain(word), Wish.STOP));
                words.start().forEach(word -> wishes.put(plain(word), Wish.START));
                byLanguage.put(language, new Words(wishes, words.stopped(), words.started()));
                byTextMessage.putAll(wishes);
                words.stopByTextMessage().forEach(word -> byTextMessage.put(plain(word), Wish.STOP));
                words.startByTextMessage().forEach(word -> byTextMessage.put(plain(word), Wish.START));
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

    /**
     * What a message as a whole wishes. By text message carriers' words count too, and those of all languages; elsewhere
     * "cancel" is an answer to the agent, and only words of the person's language and English are understood, or of all
     * languages where nobody knows it.
     */
    public Wish read(String text, String channel, @Nullable String language) {
        if (text.length() > LONGEST) {
            return Wish.NONE;
        }
        String word = plain(text);
        if (TEXT_MESSAGE.equals(channel)) {
            return byTextMessage.getOrDefault(word, Wish.NONE);
        }
        Set<String> understood =
                language == null ? byLanguage.keySet() : new HashSet<>(List.of(OTHERWISE, primary(language)));
        return understood.stream()
                .map(byLanguage::get)
                .filter(words -> words != null && words.wishes().containsKey(word))
                .map(words -> words.wishes().get(word))
                .findFirst()
                .orElse(Wish.NONE);
    }

    private static String primary(String language) {
        return language.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
    }

    /** The word alone, as it is compared and kept. */
    public static String plain(String text) {
        String lower = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return SPACES.matcher(SIGNS.matcher(lower).replaceAll(" ").strip()).replaceAll(" ");
    }

    /** What is said to somebody who opted out, or in again. */
    public String notice(Wish wish, @Nullable String language) {
        Words texts =
                byLanguage.getOrDefault(language == null ? OTHERWISE : primary(language), byLanguage.get(OTHERWISE));
        return wish == Wish.STOP ? texts.stopped() : texts.started();
    }

    private record Words(Map<String, Wish> wishes, String stopped, String started) {}

    private record Language(
            Set<String> stop,
            Set<String> stopByTextMessage,
            Set<String> start,
            Set<String> startByTextMessage,
            String stopped,
            String started) {}
}
