package dev.parley.channel.adapter;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How a piece of a text looks, where the channel takes that beside the text.
 *
 * @param start where it begins, in UTF-16 units
 * @param length in UTF-16 units; more than 0
 * @param detail a link's address or the language of a block of code
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Mark(
        Kind kind, int start, int length, @Nullable String detail) {
    /** Where it ends, in UTF-16 units. */
    public int end() {
        return start + length;
    }

    /** What a piece of a text can look like. */
    public enum Kind {
        /** Words that a reader's application quotes. */
        QUOTE,
        /** Words behind which there is an address. */
        LINK,
        /** Heavy letters. */
        BOLD,
        /** Slanted letters. */
        ITALIC,
        /** Letters with a line through them. */
        STRIKETHROUGH,
        /** Letters of one width, in a line. */
        CODE,
        /** Letters of one width, in lines of their own. */
        BLOCK
    }
}
