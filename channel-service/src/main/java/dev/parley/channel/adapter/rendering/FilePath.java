package dev.parley.channel.adapter.rendering;

import java.util.Set;
import org.commonmark.node.Text;
import org.commonmark.parser.beta.InlineContentParser;
import org.commonmark.parser.beta.InlineContentParserFactory;
import org.commonmark.parser.beta.InlineParserState;
import org.commonmark.parser.beta.ParsedInline;
import org.commonmark.parser.beta.Position;
import org.commonmark.parser.beta.Scanner;

/** Keeps a path as C:\new\*.txt or \\server\_share as it is written: its backslashes escape nothing. */
final class FilePath implements InlineContentParser {
    private static final String ENDS = "<>|\"`";
    private static final String NOT_LAST = "?!.,:;*_~')]";
    private static final String SHRUG = "\\_(ツ)_/";

    @Override
    public ParsedInline tryParse(InlineParserState state) {
        Scanner scanner = state.scanner();
        Position start = scanner.position();
        int before = scanner.peekPreviousCodePoint();
        if (scanner.next(SHRUG)) {
            return ParsedInline.of(new Text(SHRUG), scanner.position());
        }
        boolean begins = Character.isLetter(before)
                ? scanner.next(":\\")
                : (before == 0 || before == '(' || Character.isWhitespace(before)) && scanner.next("\\\\");
        if (!begins || !Character.isLetterOrDigit(scanner.peek())) {
            return ParsedInline.none();
        }
        Position end = start;
        for (char c = scanner.peek();
                c != Scanner.END && !Character.isWhitespace(c) && ENDS.indexOf(c) < 0;
                c = scanner.peek()) {
            scanner.next();
            if (NOT_LAST.indexOf(c) < 0) {
                end = scanner.position();
            }
        }
        return ParsedInline.of(new Text(scanner.getSource(start, end).getContent()), end);
    }

    /** Where such a path, or what follows its drive, may begin. */
    static final class Factory implements InlineContentParserFactory {
        @Override
        public Set<Character> getTriggerCharacters() {
            return Set.of(':', '\\');
        }

        @Override
        public InlineContentParser create() {
            return new FilePath();
        }
    }
}
