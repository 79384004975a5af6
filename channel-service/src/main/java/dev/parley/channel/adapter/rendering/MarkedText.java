package dev.parley.channel.adapter.rendering;

import dev.parley.channel.adapter.Mark;
import dev.parley.channel.adapter.rendering.TextParts.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * Words and how they look: an answer between its Markdown and a channel's form.
 *
 * @param marks nested or apart; none ends inside another one
 */
record MarkedText(String text, List<Mark> marks) {
    /** Words that look alike. */
    static MarkedText of(String text) {
        return new MarkedText(text, List.of());
    }

    /** The text with others around it, which look alike. */
    MarkedText between(String before, String after) {
        if (before.isEmpty() && after.isEmpty()) {
            return this;
        }
        List<Mark> moved = marks.stream()
                .map(mark -> new Mark(mark.kind(), mark.start() + before.length(), mark.length(), mark.detail()))
                .toList();
        return new MarkedText(before + text + after, moved);
    }

    /** A piece of it; a mark that stands beyond it is cut, and one that has only white space left is dropped. */
    MarkedText slice(Range range) {
        String sliced = text.substring(range.start(), range.end());
        List<Mark> kept = new ArrayList<>();
        for (Mark mark : marks) {
            int start = Math.max(mark.start(), range.start()) - range.start();
            int end = Math.min(mark.end(), range.end()) - range.start();
            Range left = new Range(Math.min(start, end), end).stripped(sliced);
            if (left.length() > 0) {
                kept.add(new Mark(mark.kind(), left.start(), left.length(), mark.detail()));
            }
        }
        return new MarkedText(sliced, kept);
    }
}
