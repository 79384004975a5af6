package dev.parley.agent.run;

import java.util.function.Consumer;

/**
 * Makes a model's text fit to be stored and sent: without NUL and without halves of characters, also where the halves
 * come in different pieces of a stream.
 */
final class ReplyText implements Consumer<String> {
    private static final int LONGEST_NAME = 200;
    private static final char REPLACEMENT = '\uFFFD';

    private final Consumer<String> next;
    private final StringBuilder whole = new StringBuilder();
    private char held;

    /** @param next takes each cleaned piece */
    ReplyText(Consumer<String> next) {
        this.next = next;
    }

    /** A provider's name for something, fit to be stored whatever it sends. */
    static String name(String given) {
        String clean = clean(given);
        return clean.length() <= LONGEST_NAME ? clean : clean(clean.substring(0, LONGEST_NAME));
    }

    /** Cleans a text that came at once. */
    static String clean(String text) {
        if (isClean(text)) {
            return text;
        }
        ReplyText cleaning = new ReplyText(piece -> {});
        cleaning.accept(text);
        return cleaning.finish();
    }

    @Override
    public void accept(String piece) {
        if (held == 0 && isClean(piece)) {
            emit(piece);
            return;
        }
        StringBuilder cleaned = new StringBuilder(piece.length() + 1);
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (held != 0) {
                if (Character.isLowSurrogate(c)) {
                    cleaned.append(held).append(c);
                    held = 0;
                    continue;
                }
                cleaned.append(REPLACEMENT);
                held = 0;
            }
            if (Character.isHighSurrogate(c)) {
                held = c;
            } else if (Character.isLowSurrogate(c)) {
                cleaned.append(REPLACEMENT);
            } else if (c != 0) {
                cleaned.append(c);
            }
        }
        emit(cleaned.toString());
    }

    /** Ends the text and returns all of it. */
    String finish() {
        if (held != 0) {
            held = 0;
            emit(String.valueOf(REPLACEMENT));
        }
        return whole.toString();
    }

    private void emit(String piece) {
        if (!piece.isEmpty()) {
            whole.append(piece);
            next.accept(piece);
        }
    }

    private static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
