package dev.parley.channel.adapter.email;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What somebody wrote in a mail, without what their program put around it. */
final class MailText {
    private static final int LONGEST_LINE = 1_000;
    private static final int LONGEST_ENTITY = 10;
    private static final Set<String> UNSEEN = Set.of("script", "style", "head", "title");
    private static final Set<String> BLOCKS =
            Set.of("p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "hr");
    private static final Map<String, String> ENTITIES =
            Map.of("nbsp", " ", "amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "hellip", "…");
    private static final List<Pattern> ATTRIBUTIONS = patterns(
            "On .{5,300} wrote:",
            "Am .{5,300} schrieb.{0,200}:",
            "Le .{5,300} a écrit ?:",
            "El .{5,300} escribió:",
            "Em .{5,300} escreveu:",
            "Il .{5,300} ha scritto:",
            "-{2,} ?(Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Mensagem original)"
                    + " ?-{2,}",
            "_{10,}");
    private static final Pattern OUTLOOK_FROM = Pattern.compile("(From|Von|De|Da): .+");
    private static final Pattern OUTLOOK_DATE = Pattern.compile("(Sent|Date|Gesendet|Envoyé|Enviado|Inviato): .+");

    private MailText() {}

    private static List<Pattern> patterns(String... texts) {
        List<Pattern> patterns = new ArrayList<>();
        for (String text : texts) {
            patterns.add(Pattern.compile(text));
        }
        return List.copyOf(patterns);
    }

    /** The new words of a mail: without the mail that it answers, and without the signature. */
    static String written(String mail) {
        String[] lines = mail.replace("\r\n", "\n").replace('\r', '\n').split("\n", -1);
        StringBuilder kept = new StringBuilder();
        boolean between = false;
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith(">")) {
                continue;
            }
            if (endsAt(lines, i)) {
                int quoted = quotation(lines, i);
                if (quoted < 0) {
                    break;
                }
                between = true;
                i = quoted;
            } else if (!between || !lines[i].isBlank()) {
                kept.append(lines[i].stripTrailing()).append('\n');
            }
        }
        String written = kept.toString().strip();
        // Somebody who only passes a mail on says what is in it.
        return written.isEmpty() ? mail.strip() : written;
    }

    /** Where quoted lines begin below one that says whose they are: what is not quoted there answers them; else -1. */
    private static int quotation(String[] lines, int from) {
        if (isSignature(lines[from])) {
            return -1;
        }
        // That line may be two.
        for (int i = from + 1, words = 0; i < lines.length && words < 2; i++) {
            if (lines[i].startsWith(">")) {
                return i;
            }
            if (!lines[i].isBlank() && (++words > 1 || i > from + 1 || isAttribution(lines[from].strip()))) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isSignature(String line) {
        return line.equals("-- ") || line.equals("--");
    }

    private static boolean isAttribution(String text) {
        return ATTRIBUTIONS.stream()
                .anyMatch(attribution -> attribution.matcher(text).matches());
    }

    private static boolean endsAt(String[] lines, int at) {
        String line = lines[at].strip();
        if (line.isEmpty() || line.length() > LONGEST_LINE) {
            return false;
        }
        if (isSignature(lines[at])) {
            return true;
        }
        // Programs break the line that says whose words follow.
        String two = at + 1 < lines.length ? line + " " + lines[at + 1].strip() : line;
        return isAttribution(line)
                || isAttribution(two)
                || OUTLOOK_FROM.matcher(line).matches()
                        && at + 1 < lines.length
                        && OUTLOOK_DATE.matcher(lines[at + 1].strip()).matches();
    }

    /** The words of a mail in HTML, without what it quotes. */
    static String ofHtml(String html) {
        StringBuilder text = new StringBuilder(html.length() / 2);
        int quoted = 0;
        int at = 0;
        while (at < html.length()) {
            char c = html.charAt(at);
            if (c != '<') {
                int next = html.indexOf('<', at);
                int end = next < 0 ? html.length() : next;
                if (quoted == 0) {
                    text.append(html.substring(at, end).replaceAll("\\s+", " "));
                }
                at = end;
                continue;
            }
            if (html.startsWith("<!--", at)) {
                at = after(html, "-->", at);
                continue;
            }
            int close = html.indexOf('>', at);
            if (close < 0) {
                break;
            }
            String tag = html.substring(at + 1, close).toLowerCase(Locale.ROOT);
            String name = tag.replaceFirst("^/", "").split("[\\s/>]", 2)[0];
            at = close + 1;
            if (UNSEEN.contains(name) && !tag.startsWith("/")) {
                at = afterIgnoringCase(html, "</" + name, at);
                at = after(html, ">", at);
            } else if (name.equals("blockquote")) {
                quoted = Math.max(0, quoted + (tag.startsWith("/") ? -1 : 1));
            } else if (tag.contains("gmail_quote") || tag.contains("divrplyfwdmsg")) {
                break;
            } else if (BLOCKS.contains(name) && quoted == 0) {
                text.append('\n');
            }
        }
        return entities(text.toString())
                .replaceAll("[ \\t]+", " ")
                .replaceAll(" ?\\n ?", "\n")
                .replaceAll("\n{3,}", "\n\n")
                .strip();
    }

    private static int after(String text, String end, int from) {
        int found = text.indexOf(end, from);
        return found < 0 ? text.length() : found + end.length();
    }

    private static int afterIgnoringCase(String text, String end, int from) {
        for (int i = text.indexOf('<', from); i >= 0; i = text.indexOf('<', i + 1)) {
            if (text.regionMatches(true, i, end, 0, end.length())) {
                return i + end.length();
            }
        }
        return text.length();
    }

    private static String entities(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int semicolon =
                    text.charAt(at) == '&' ? text.indexOf(';', at, Math.min(text.length(), at + LONGEST_ENTITY)) : -1;
            String meant = semicolon > at ? meant(text.substring(at + 1, semicolon)) : null;
            if (meant == null) {
                plain.append(text.charAt(at));
                at++;
            } else {
                plain.append(meant);
                at = semicolon + 1;
            }
        }
        return plain.toString();
    }

    private static @Nullable String meant(String entity) {
        if (!entity.startsWith("#")) {
            return ENTITIES.get(entity);
        }
        try {
            boolean hex = entity.startsWith("#x") || entity.startsWith("#X");
            int point = hex ? Integer.parseInt(entity.substring(2), 16) : Integer.parseInt(entity.substring(1));
            return Character.isValidCodePoint(point) ? Character.toString(point) : null;
        } catch (NumberFormatException noEntity) {
            return null;
        }
    }
}
