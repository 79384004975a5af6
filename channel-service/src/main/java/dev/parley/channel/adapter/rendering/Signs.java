package dev.parley.channel.adapter.rendering;

import dev.parley.channel.adapter.Mark;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Writes marks as WhatsApp's signs, where WhatsApp would read them as such. */
final class Signs {
    /** The outer ones first, which are the longer ones of those that begin together. */
    private static final Comparator<Mark> ORDER = Comparator.comparingInt(Mark::start)
            .thenComparing(Comparator.comparingInt(Mark::length).reversed())
            .thenComparing(Mark::kind);

    private Signs() {}

    static String among(MarkedText text) {
        List<Mark> marks = text.marks().stream()
                .filter(mark -> readable(text.text(), mark))
                .sorted(ORDER)
                .toList();
        if (marks.isEmpty()) {
            return text.text();
        }
        StringBuilder signed = new StringBuilder(text.text().length() + marks.size() * 2);
        Deque<Mark> open = new ArrayDeque<>();
        Iterator<Mark> rest = marks.iterator();
        Mark next = rest.next();
        for (int at = 0; at <= text.text().length(); at++) {
            while (!open.isEmpty() && open.peek().end() <= at) {
                signed.append(sign(open.pop()));
            }
            while (next != null && next.start() == at) {
                open.push(next);
                signed.append(sign(next));
                next = rest.hasNext() ? rest.next() : null;
            }
            if (at < text.text().length()) {
                signed.append(text.text().charAt(at));
            }
        }
        return signed.toString();
    }

    /** Signs stand at the borders of words, in one line, around what does not hold them itself. */
    private static boolean readable(String text, Mark mark) {
        String sign = sign(mark);
        return !sign.isEmpty()
                && !inWord(text, mark.start() - 1)
                && !inWord(text, mark.end())
                && !holds(text, mark, sign)
                && (mark.kind() == Mark.Kind.BLOCK || !holds(text, mark, "\n"));
    }

    private static boolean inWord(String text, int at) {
        return at >= 0 && at < text.length() && Character.isLetterOrDigit(text.charAt(at));
    }

    private static boolean holds(String text, Mark mark, String searched) {
        int at = text.indexOf(searched, mark.start(), mark.end());
        return at >= 0;
    }

    private static String sign(Mark mark) {
        return switch (mark.kind()) {
            case BOLD -> "*";
            case ITALIC -> "_";
            case STRIKETHROUGH -> "~";
            case CODE -> "`";
            case BLOCK -> "```";
            case LINK, QUOTE -> "";
        };
    }
}
