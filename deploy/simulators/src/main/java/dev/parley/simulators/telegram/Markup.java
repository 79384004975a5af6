package dev.parley.simulators.telegram;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/** Checks formatted text as the Bot API does, and gives the text a reader sees. */
final class Markup {

    private static final Set<String> TAGS = Set.of(
            "a",
            "b",
            "blockquote",
            "code",
            "del",
            "em",
            "i",
            "ins",
            "pre",
            "s",
            "span",
            "strike",
            "strong",
            "tg-emoji",
            "tg-spoiler",
            "u");

    private Markup() {}

    /** The text without its formatting. */
    static String plain(String text, String mode) {
        return switch (mode) {
            case "" -> text;
            case "HTML", "html" -> html(text);
            case "MarkdownV2" -> markdown(text);
            case "Markdown" -> text.replaceAll("[*_`]", "");
            default -> throw TelegramProblem.bad("unsupported parse_mode");
        };
    }

    private static String html(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        Deque<String> open = new ArrayDeque<>();
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character != '<') {
                plain.append(character);
                continue;
            }
            int end = text.indexOf('>', i);
            if (end < 0) {
                throw unparsable("Unclosed start tag at byte offset " + i);
            }
            String tag = text.substring(i + 1, end);
            boolean closing = tag.startsWith("/");
            String name = (closing ? tag.substring(1) : tag).split("[\\s=]", 2)[0].toLowerCase(java.util.Locale.ROOT);
            if (!TAGS.contains(name)) {
                throw unparsable("Unsupported start tag \"" + name + "\" at byte offset " + i);
            }
            if (!closing) {
                open.push(name);
            } else if (open.isEmpty() || !open.pop().equals(name)) {
                throw unparsable("Unmatched end tag at byte offset " + i);
            }
            i = end;
        }
        if (!open.isEmpty()) {
            throw unparsable("Can't find end tag corresponding to start tag \"" + open.peek() + "\"");
        }
        return plain.toString()
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }

    private static String markdown(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        boolean code = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '\\' && i + 1 < text.length()) {
                plain.append(text.charAt(++i));
            } else if (character == '`') {
                code = !code;
            } else if (!code && "#+-=|{}.!".indexOf(character) >= 0) {
                throw unparsable(
                        "Character '" + character + "' is reserved and must be escaped with the preceding '\\'");
            } else if (code || "*_~[]()>".indexOf(character) < 0) {
                plain.append(character);
            }
        }
        return plain.toString();
    }

    private static TelegramProblem unparsable(String why) {
        return TelegramProblem.bad("can't parse entities: " + why);
    }
}
