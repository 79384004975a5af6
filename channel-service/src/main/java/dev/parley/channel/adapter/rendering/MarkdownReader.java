package dev.parley.channel.adapter.rendering;

import dev.parley.channel.adapter.Mark;
import java.util.ArrayDeque;
import java.util.Deque;
import org.commonmark.ext.gfm.strikethrough.Strikethrough;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.Block;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;
import org.jspecify.annotations.Nullable;

/**
 * Walks once over a tree of Markdown and writes its words, lines apart as they were. It does so without recursion, for
 * the tree's depth is the model's choice.
 */
final class MarkdownReader {
    private static final char LATIN = '\u0250';

    private final String source;
    private final Form form;
    private final Page page;
    private final Deque<Integer> numbers = new ArrayDeque<>();
    private final Deque<Integer> links = new ArrayDeque<>();
    private TableWriter table;
    /** The source's line up to which everything is written. */
    private int line;

    MarkdownReader(String source, Form form) {
        this.source = source;
        this.form = form;
        this.page = new Page(form);
        this.table = new TableWriter(page);
    }

    /** The tree's words. */
    MarkedText read(Node document) {
        Node node = document;
        while (node != null) {
            enter(node);
            node = node.getFirstChild() == null ? after(node) : node.getFirstChild();
        }
        return page.text();
    }

    /** Ends a node and all that end with it. */
    private @Nullable Node after(Node done) {
        Node node = done;
        leave(node);
        while (node.getNext() == null) {
            node = node.getParent();
            if (node == null) {
                return null;
            }
            leave(node);
        }
        return node.getNext();
    }

    private void enter(Node node) {
        switch (node) {
            case Text text -> page.write(text.getLiteral());
            case SoftLineBreak soft -> page.newLine();
            case HardLineBreak hard -> page.newLine();
            case Emphasis emphasis -> open(emphasis, emphasis.getOpeningDelimiter(), Mark.Kind.ITALIC);
            case StrongEmphasis strong -> open(strong, strong.getOpeningDelimiter(), Mark.Kind.BOLD);
            case Strikethrough strike -> page.open(Mark.Kind.STRIKETHROUGH);
            case Code code -> page.code(code.getLiteral(), links.isEmpty());
            case HtmlInline html -> html(html.getLiteral());
            case Link link -> links.push(page.here());
            case Image image -> links.push(page.here());
            case OrderedList list -> numbers.push(-1);
            case TableRow row -> table.row();
            case TableCell cell -> table.openCell();
            case Block block -> enter(block);
            default -> {}
        }
    }

    private void enter(Block block) {
        switch (block) {
            case Paragraph paragraph -> begin(paragraph);
            case Heading heading -> {
                begin(heading);
                page.open(Mark.Kind.BOLD);
            }
            case ThematicBreak rule -> literally(rule);
            case LinkReferenceDefinition definition -> literally(definition);
            case FencedCodeBlock code -> {
                begin(code);
                page.block(code.getLiteral(), code.getInfo());
            }
            case BlockQuote quote -> {
                begin(quote);
                page.openQuote();
            }
            case ListItem item -> {
                begin(item);
                page.openItem(marker(item));
            }
            case TableBlock whole -> {
                begin(whole);
                table = new TableWriter(page);
            }
            default -> {}
        }
    }

    private void leave(Node node) {
        switch (node) {
            case Emphasis emphasis -> close(emphasis, emphasis.getClosingDelimiter(), Mark.Kind.ITALIC);
            case StrongEmphasis strong -> close(strong, strong.getClosingDelimiter(), Mark.Kind.BOLD);
            case Strikethrough strike -> page.close(Mark.Kind.STRIKETHROUGH);
            case Link link -> page.address(links.pop(), link.getDestination(), hides(link.getDestination()));
            case Image image -> page.address(links.pop(), image.getDestination(), hides(image.getDestination()));
            case OrderedList list -> numbers.pop();
            case TableCell cell -> table.closeCell();
            case TableHead head -> table.closeHead(head.getNext() != null);
            case Block block -> leave(block);
            default -> {}
        }
    }

    private void leave(Block block) {
        switch (block) {
            case Heading heading -> page.close(Mark.Kind.BOLD);
            case BlockQuote quote -> page.closeQuote();
            case ListItem item -> page.closeItem();
            default -> {}
        }
        // What contains others ends where the last of them does.
        if (!(block.getFirstChild() instanceof Block) && !block.getSourceSpans().isEmpty()) {
            line = Math.max(line, block.getSourceSpans().getLast().getLineIndex());
        }
    }

    /** Begins a block as many lines below the one before as it stands there. */
    private void begin(Block block) {
        int first = block.getSourceSpans().getFirst().getLineIndex();
        for (; line < first; line++) {
            page.newLine();
        }
    }

    private void literally(Block block) {
        begin(block);
        for (SourceSpan span : block.getSourceSpans()) {
            for (; line < span.getLineIndex(); line++) {
                page.newLine();
            }
            page.write(source.substring(span.getInputIndex(), span.getInputIndex() + span.getLength()));
        }
    }

    /** As it was written, but that numbers of a list rise and a star is a dash. */
    private String marker(ListItem item) {
        int at = item.getSourceSpans().getFirst().getInputIndex();
        while (Character.isWhitespace(source.charAt(at))) {
            at++;
        }
        if (item.getParent() instanceof BulletList) {
            boolean star = source.charAt(at) == '*' && item.getFirstChild() != null;
            return star ? "-" : source.substring(at, at + 1);
        }
        int end = at;
        while (Character.isDigit(source.charAt(end))) {
            end++;
        }
        int before = numbers.pop();
        int number = Math.max(before + 1, Integer.parseInt(source, at, end, 10));
        numbers.push(number);
        return number + source.substring(end, end + 1);
    }

    private void open(Node node, String delimiter, Mark.Kind kind) {
        if (calculates(node, delimiter)) {
            page.write(delimiter);
        } else {
            page.open(kind);
        }
    }

    private void close(Node node, String delimiter, Mark.Kind kind) {
        if (calculates(node, delimiter)) {
            page.write(delimiter);
        } else {
            page.close(kind);
        }
    }

    /** Whether the stars multiply, as in 2*3*4, or raise to a power, as in 2**3**4. */
    private static boolean calculates(Node node, String delimiter) {
        if (!delimiter.startsWith("*")
                || !(node.getPrevious() instanceof Text before)
                || !(node.getNext() instanceof Text behind)
                || before.getLiteral().isEmpty()
                || behind.getLiteral().isEmpty()) {
            return false;
        }
        char left = before.getLiteral().charAt(before.getLiteral().length() - 1);
        char right = behind.getLiteral().charAt(0);
        return delimiter.length() == 1
                ? isTerm(left, ')') && isTerm(right, '(')
                : Character.isDigit(left) && Character.isDigit(right);
    }

    private static boolean isTerm(char c, char bracket) {
        return c == bracket || (c < LATIN && Character.isLetterOrDigit(c));
    }

    private void html(String html) {
        if (!html.startsWith("<br") || html.chars().skip(3).anyMatch(c -> " />".indexOf(c) < 0)) {
            page.write(html);
        } else if (table.inCell()) {
            page.write(" ");
        } else {
            page.newLine();
        }
    }

    private boolean hides(String destination) {
        return form.hidesAddresses() && (destination.startsWith("https://") || destination.startsWith("http://"));
    }
}
