package dev.parley.channel.adapter.rendering;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Block;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.jboss.logging.Logger;

/** Reads what an agent wrote. What marks nothing stays as it is, letter by letter. */
final class Markdown {
    private static final Logger LOG = Logger.getLogger(Markdown.class);
    /** What can mark something wherever it stands. */
    private static final String ANYWHERE = "*_~`[<&\\|";
    /** What can mark something where a line begins. */
    private static final String IN_FRONT = "#>=";

    /** What is longer is no message any more, and would take long to read. */
    private static final int LONGEST = 100_000;

    private static final int DEEPEST_BLOCK = 32;
    private static final int DEEPEST_INLINE = 32;
    private static final int MOST_CELLS = 20_000;

    /** What becomes longer than this many times itself, and this many characters, is written to be so. */
    private static final int MOST_TIMES = 2;

    private static final int MOST_MORE = 1_000;

    /** The first one that begins has a line: three dashes are a title's line before they are a rule or an item. */
    private static final Set<Class<? extends Block>> BLOCKS = new LinkedHashSet<>(
            List.of(BlockQuote.class, Heading.class, FencedCodeBlock.class, ThematicBreak.class, ListBlock.class));

    /** Customers' HTML and lines that are set in by four spaces are words: agents fence their code. */
    private static final Parser PARSER = Parser.builder()
            .extensions(List.of(
                    TablesExtension.builder().maxCells(MOST_CELLS).build(),
                    StrikethroughExtension.builder().requireTwoTildes(true).build()))
            .enabledBlockTypes(BLOCKS)
            .linkProcessor(new Addresses())
            .customInlineContentParserFactory(new BareAddress.Factory())
            .customInlineContentParserFactory(new FilePath.Factory())
            .includeSourceSpans(IncludeSourceSpans.BLOCKS)
            .maxOpenBlockParsers(DEEPEST_BLOCK)
            .maxInlineNesting(DEEPEST_INLINE)
            .build();

    private Markdown() {}

    /** The words for a channel, with their looks; the same text when it is no Markdown. */
    static MarkedText read(String source, Form form) {
        if (source.length() > LONGEST || !mayMark(source)) {
            return MarkedText.of(source);
        }
        MarkedText read;
        try {
            read = new MarkdownReader(source, new Page(form, MOST_TIMES * source.length() + MOST_MORE))
                    .read(PARSER.parse(source));
        } catch (RuntimeException tooMuch) {
            // The answer goes out all the same.
            LOG.warnf("an answer of %d characters is sent as it is: %s", source.length(), tooMuch.getClass());
            return MarkedText.of(source);
        }
        boolean plain = read.marks().isEmpty() && sameWords(read.text(), source);
        return plain || read.text().isBlank() ? MarkedText.of(source) : read;
    }

    /** Whether anything in it can be Markdown. */
    static boolean mayMark(String text) {
        boolean front = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (ANYWHERE.indexOf(c) >= 0 || (front && IN_FRONT.indexOf(c) >= 0)) {
                return true;
            }
            // A line of dashes makes a heading of the line above it; one dash is an item, and stays one.
            if (front && c == '-' && i + 1 < text.length() && !isSpace(text.charAt(i + 1))) {
                return true;
            }
            front = c == '\n' || c == '\r' || (front && isSpace(c));
        }
        return false;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean sameWords(String one, String other) {
        int i = skip(one, 0);
        int j = skip(other, 0);
        while (i < one.length() && j < other.length() && one.charAt(i) == other.charAt(j)) {
            i = skip(one, i + 1);
            j = skip(other, j + 1);
        }
        return i == one.length() && j == other.length();
    }

    private static int skip(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
