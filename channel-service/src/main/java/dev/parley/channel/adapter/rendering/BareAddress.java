package dev.parley.channel.adapter.rendering;

import java.util.Set;
import org.commonmark.node.Text;
import org.commonmark.parser.beta.InlineContentParser;
import org.commonmark.parser.beta.InlineContentParserFactory;
import org.commonmark.parser.beta.InlineParserState;
import org.commonmark.parser.beta.ParsedInline;
import org.commonmark.parser.beta.Position;
import org.commonmark.parser.beta.Scanner;

/** Keeps an address among words as it is written: its underscores and asterisks mark nothing. */
final class BareAddress implements InlineContentParser {
    private static final String ENDS = "<>[]`\"";
    private static final String NOT_LAST = "?!.,:;*_~')";

    @Override
    public ParsedInline tryParse(InlineParserState state) {
        Scanner scanner = state.scanner();
        Position start = scanner.position();
        if (Character.isLetterOrDigit(scanner.peekPreviousCodePoint())
                || !(scanner.next("https://") || scanner.next("http://"))) {
            return ParsedInline.none();
        }
        Position end = null;
        int open = 0;
        for (char c = scanner.peek();
                c != Scanner.END && !Character.isWhitespace(c) && ENDS.indexOf(c) < 0;
                c = scanner.peek()) {
            scanner.next();
            boolean closes = c == ')' && open > 0;
            open += c == '(' ? 1 : closes ? -1 : 0;
            if (closes || NOT_LAST.indexOf(c) < 0) {
                end = scanner.position();
            }
        }
        return end == null
                ? ParsedInline.none()
                : ParsedInline.of(new Text(scanner.getSource(start, end).getContent()), end);
    }

    /** Where such an address may begin. */
    static final class Factory implements InlineContentParserFactory {
        @Override
        public Set<Character> getTriggerCharacters() {
            return Set.of('h');
        }

        @Override
        public InlineContentParser create() {
            return new BareAddress();
        }
    }
}
