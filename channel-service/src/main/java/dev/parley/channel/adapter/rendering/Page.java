package dev.parley.channel.adapter.rendering;

import dev.parley.channel.adapter.Mark;
import dev.parley.channel.adapter.Mark.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Words as they are written down, with what stands in front of their lines and how they look. */
final class Page {
    private static final String QUOTED = "> ";
    /** What stands in front of a line is no longer: a list in a list in a list is not set in any more. */
    private static final int LONGEST_FRONT = 40;

    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9_+#.-]{1,32}");

    private final Form form;
    private final int longest;
    private final StringBuilder out = new StringBuilder();
    private final List<Mark> marks = new ArrayList<>();
    private final Map<Kind, Look> looks = new EnumMap<>(Kind.class);
    private final Deque<Front> around = new ArrayDeque<>();
    private final Deque<Boolean> shownQuotes = new ArrayDeque<>();
    private Front front = new Front("", "");
    private boolean lineBegins = true;
    private int quotes;
    /** Where the outermost quotation begins, for a channel that marks it: there is none inside another one. */
    private int quoted;

    /**
     * An empty page.
     *
     * @param longest how many characters it takes before it refuses more
     */
    Page(Form form, int longest) {
        this.form = form;
        this.longest = longest;
    }

    MarkedText text() {
        return new MarkedText(out.toString(), List.copyOf(marks));
    }

    /** The place where the next words will stand. */
    int here() {
        if (out.length() > longest) {
            throw new IllegalStateException("longer than " + longest + " characters");
        }
        if (lineBegins) {
            lineBegins = false;
            out.append(front.all());
            if (form == Form.SIGNS) {
                resume();
            }
        }
        return out.length();
    }

    String since(int start) {
        return out.substring(start);
    }

    void write(String words) {
        here();
        out.append(words);
    }

    void newLine() {
        // Signs count within a line.
        if (form == Form.SIGNS) {
            pause();
        }
        out.append('\n');
        lineBegins = true;
    }

    /** Takes back what was written from there on. */
    void cut(int start) {
        out.setLength(start);
        marks.removeIf(mark -> mark.start() >= start);
    }

    void open(Kind kind) {
        int here = here();
        looks.computeIfAbsent(kind, each -> new Look(here)).depth++;
    }

    void close(Kind kind) {
        Look look = looks.get(kind);
        if (--look.depth == 0) {
            mark(kind, look.since, null);
            looks.remove(kind);
        }
    }

    private void pause() {
        looks.forEach((kind, look) -> {
            mark(kind, look.since, null);
            look.since = out.length();
        });
    }

    private void resume() {
        looks.values().forEach(look -> look.since = out.length());
    }

    private void mark(Kind kind, int start, @Nullable String detail) {
        if (form != Form.WORDS && out.length() > start) {
            marks.add(new Mark(kind, start, out.length() - start, detail));
        }
    }

    /** Code in a line, which looks like nothing else at once. */
    void code(String code, boolean marked) {
        here();
        pause();
        int start = out.length();
        out.append(code);
        if (marked) {
            mark(Kind.CODE, start, null);
        }
        resume();
    }

    /** Code in lines of its own, not set in: it may be copied. */
    void block(String code, @Nullable String info) {
        Front before = front;
        front = new Front(before.quotes(), before.quotes());
        int start = here();
        String[] lines = (code.endsWith("\n") ? code.substring(0, code.length() - 1) : code).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (i > 0) {
                newLine();
            }
            write(lines[i]);
        }
        String language = info == null ? "" : info.strip().split("\\s", 2)[0];
        mark(Kind.BLOCK, start, LANGUAGE.matcher(language).matches() ? language : null);
        front = before;
    }

    /** Ends a link: the address stands behind the words or beside them, unless they say it already. */
    void address(int start, String destination) {
        boolean web = destination.startsWith("https://") || destination.startsWith("http://");
        String shown = since(start).strip();
        String address = person(destination);
        if (shown.isEmpty() || bare(person(shown)).equals(bare(address))) {
            out.setLength(start);
            write(address);
        } else if (web && form.hidesAddresses()) {
            mark(Kind.LINK, start, destination);
        } else if (!address.isEmpty()) {
            write(" (" + address + ")");
        }
    }

    private static String person(String address) {
        return address.replaceFirst("^(mailto|tel):", "");
    }

    private static String bare(String address) {
        String rest = address.startsWith("https://")
                ? address.substring(8)
                : address.startsWith("http://") ? address.substring(7) : address;
        return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    }

    void openItem(String marker) {
        write(marker + " ");
        around.push(front);
        front = front.and(" ".repeat(marker.length() + 1), "");
    }

    void closeItem() {
        front = around.pop();
    }

    /**
     * Begins a quotation.
     *
     * @param sign as it is written, where the channel does not mark it
     * @param marked whether a channel that marks quotations shall do so
     */
    void openQuote(String sign, boolean marked) {
        boolean shown = marked && form == Form.MARKS;
        shownQuotes.push(shown);
        if (shown) {
            quoted = quotes++ == 0 ? here() : quoted;
            return;
        }
        write(sign);
        around.push(front);
        front = front.and(QUOTED, QUOTED);
    }

    void closeQuote() {
        if (!shownQuotes.pop()) {
            front = around.pop();
        } else if (--quotes == 0) {
            mark(Kind.QUOTE, quoted, null);
        }
    }

    /** What stands in front of a line. */
    private record Front(String all, String quotes) {
        Front and(String more, String quoted) {
            return new Front(cut(all + more), cut(quotes + quoted));
        }

        private static String cut(String front) {
            return front.substring(0, Math.min(front.length(), LONGEST_FRONT));
        }
    }

    /** A look that words have from a place on. */
    private static final class Look {
        private int since;
        private int depth;

        Look(int since) {
            this.since = since;
        }
    }
}
