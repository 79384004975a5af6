package dev.parley.agent.run;

import dev.parley.agent.provider.LlmMessage;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes pictures out of what a model says, in Markdown and HTML: whoever shows the reply would fetch them unasked, and
 * their address could carry what the model knows to anybody. Pictures of hosts that the instructions name stay. Works on
 * a stream: what may become a picture is held back until it is one, or not.
 */
final class PictureFilter implements Consumer<String> {
    private static final int LONGEST = 8192;
    private static final Pattern HOST = Pattern.compile("https?://([^/\\s\"'<>()\\[\\]?#]+)");
    private static final Pattern MARKDOWN = Pattern.compile("\\(\\s*<?([^\\s>)]*)");
    private static final Pattern HTML =
            Pattern.compile("\\bsrc\\s*=\\s*[\\\\\"']*([^\\s\"'>\\\\]+)", Pattern.CASE_INSENSITIVE);

    private final List<LlmMessage> messages;
    private final Consumer<String> next;
    private final StringBuilder whole = new StringBuilder();
    private final StringBuilder held = new StringBuilder();

    /** @param messages the conversation that is answered: its system messages say which hosts may be shown */
    PictureFilter(List<LlmMessage> messages, Consumer<String> next) {
        this.messages = messages;
        this.next = next;
    }

    /** Filters a text that came at once. */
    static String filter(List<LlmMessage> messages, String text) {
        if (!text.contains("![") && !text.contains("<")) {
            return text;
        }
        PictureFilter filter = new PictureFilter(messages, piece -> {});
        filter.accept(text);
        return filter.finish();
    }

    @Override
    public void accept(String piece) {
        held.append(piece);
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (from < held.length()) {
            int begin = begin(from);
            out.append(held, from, begin);
            from = begin;
            if (begin == held.length()) {
                break;
            }
            int end = end(begin);
            if (end < 0 && held.length() - begin <= LONGEST) {
                break;
            }
            end = end < 0 ? begin + LONGEST : end;
            out.append(instead(held.substring(begin, end)));
            from = end;
        }
        held.delete(0, from);
        emit(out.toString());
    }

    /** Ends the text and returns all of it. */
    String finish() {
        if (!held.isEmpty()) {
            String rest = held.toString();
            held.setLength(0);
            emit(rest.startsWith("![") || isTag(rest) ? instead(rest) : rest);
        }
        return whole.toString();
    }

    private void emit(String text) {
        if (!text.isEmpty()) {
            whole.append(text);
            next.accept(text);
        }
    }

    /** Where something begins that may be a picture, or the end. */
    private int begin(int from) {
        for (int i = from; i < held.length(); i++) {
            char c = held.charAt(i);
            if (c == '!' && (i + 1 == held.length() || held.charAt(i + 1) == '[')) {
                return i;
            }
            if (c == '<' && isTag(held.substring(i, Math.min(held.length(), i + 5)))) {
                return i;
            }
        }
        return held.length();
    }

    /** Whether a text begins like a picture in HTML, as far as it goes. */
    private static boolean isTag(String text) {
        String tag = "<img";
        int common = Math.min(tag.length(), text.length());
        return text.substring(0, common).equalsIgnoreCase(tag.substring(0, common))
                && (text.length() <= tag.length() || !Character.isLetterOrDigit(text.charAt(tag.length())));
    }

    /** Behind what begins there; negative while that cannot be told. */
    private int end(int begin) {
        if (held.charAt(begin) == '<') {
            int close = held.indexOf(">", begin);
            return close < 0 ? -1 : close + 1;
        }
        int depth = 0;
        for (int i = begin + 1; i < held.length(); i++) {
            char c = held.charAt(i);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (depth == 0) {
                if (i + 1 == held.length()) {
                    return -1;
                }
                if (held.charAt(i + 1) != '(') {
                    return i + 1;
                }
                int close = held.indexOf(")", i);
                return close < 0 ? -1 : close + 1;
            }
        }
        return -1;
    }

    /** What stands for a picture: itself, where its host may be shown, else its words. */
    private String instead(String picture) {
        if (picture.charAt(0) == '<') {
            Matcher source = HTML.matcher(picture);
            return source.find() && isNamed(source.group(1)) ? picture : "";
        }
        if (picture.length() < 2) {
            return picture;
        }
        int address = picture.lastIndexOf("](");
        if (address < 0) {
            // its address may stand elsewhere in the text: a link is followed by a person only
            return picture.substring(1);
        }
        Matcher given = MARKDOWN.matcher(picture.substring(address + 1));
        return given.find() && isNamed(given.group(1)) ? picture : picture.substring(2, address);
    }

    private boolean isNamed(String address) {
        Matcher host = HOST.matcher(address);
        return host.lookingAt() && named().contains(host.group(1).toLowerCase(Locale.ROOT));
    }

    private Set<String> named() {
        return messages.stream()
                .filter(message -> message.role() == LlmMessage.Role.SYSTEM)
                .flatMap(message -> HOST.matcher(message.text()).results())
                .map(found -> found.group(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }
}
