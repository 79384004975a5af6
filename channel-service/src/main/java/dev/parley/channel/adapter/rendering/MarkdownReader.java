package dev.parley.channel.adapter.rendering;

import dev.parley.channel.adapter.Mark;
import dev.parley.channel.adapter.rendering.Addresses.Brackets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
    /** What an item begins with that a dash before it would make less than nothing. */
    private static final String AMOUNTS = "$€£+-.,";

    private static final String CURRENCIES = "$€£";
    /** What makes a face, an arrow or a comparison of the sign > that stands before it without a space. */
    private static final String FACES = "=:;_.-(<+~";

    private static final int SHORTEST_LINE = 3;

    private final String source;
    private final Page page;
    /** The next number of each list around, where it is counted. */
    private final Deque<Integer> numbers = new ArrayDeque<>();

    private final Deque<Boolean> dashes = new ArrayDeque<>();
    private final Deque<Integer> links = new ArrayDeque<>();
    private TableWriter table;
    /** The source's line up to which everything is written. */
    private int line;

    MarkdownReader(String source, Page page) {
        this.source = source;
        this.page = page;
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
            case Code code when PlainSigns.around(code) -> page.write("`" + code.getLiteral() + "`");
            case Code code -> page.code(code.getLiteral(), links.isEmpty());
            case HtmlInline html -> html(html.getLiteral());
            case Brackets brackets -> page.write("[");
            case Link link -> links.push(page.here());
            case Image image -> links.push(page.here());
            case BulletList list -> dashes.push(dashed(list));
            case OrderedList list -> numbers.push(counted(list) ? 1 : 0);
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
                if (isTitle(heading)) {
                    page.open(Mark.Kind.BOLD);
                } else {
                    page.write(sign(heading));
                }
            }
            case ThematicBreak rule -> literally(rule);
            case LinkReferenceDefinition definition -> literally(definition);
            case FencedCodeBlock code -> {
                begin(code);
                page.block(code.getLiteral(), code.getInfo());
            }
            case BlockQuote quote -> {
                begin(quote);
                openQuote(quote);
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
            case Brackets brackets -> page.write("]");
            case Link link -> page.address(links.pop(), link.getDestination());
            case Image image -> page.address(links.pop(), image.getDestination());
            case BulletList list -> dashes.pop();
            case OrderedList list -> numbers.pop();
            case TableCell cell -> table.closeCell();
            case TableHead head -> table.closeHead(head.getNext() != null);
            case Block block -> leave(block);
            default -> {}
        }
    }

    private void leave(Block block) {
        switch (block) {
            case Heading heading when isTitle(heading) -> page.close(Mark.Kind.BOLD);
            case Heading heading
            when heading.getSourceSpans().size() > 1 -> {
                SourceSpan under = heading.getSourceSpans().getLast();
                line = under.getLineIndex() - 1;
                literally(under);
            }
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
        block.getSourceSpans().forEach(this::literally);
    }

    private void literally(SourceSpan span) {
        for (; line < span.getLineIndex(); line++) {
            page.newLine();
        }
        page.write(written(span));
    }

    private String written(SourceSpan span) {
        return source.substring(span.getInputIndex(), span.getInputIndex() + span.getLength());
    }

    /** Whether it is one: a number alone, as # 5, a line under many others or a short one belong to the words. */
    private boolean isTitle(Heading heading) {
        List<SourceSpan> spans = heading.getSourceSpans();
        if (spans.size() > 1) {
            return spans.size() == 2 && written(spans.getLast()).strip().length() >= SHORTEST_LINE;
        }
        return heading.getFirstChild() != null
                && !(heading.getFirstChild() instanceof Text text
                        && heading.getFirstChild() == heading.getLastChild()
                        && text.getLiteral().chars().allMatch(Character::isDigit));
    }

    /** What stands in front of a heading. */
    private String sign(Heading heading) {
        return heading.getSourceSpans().size() > 1 ? "" : "#".repeat(heading.getLevel()) + " ";
    }

    /** As it was written, but that a list of ones is counted and a star is a dash. */
    private String marker(ListItem item) {
        int at = begins(item);
        if (item.getParent() instanceof BulletList) {
            boolean star = source.charAt(at) == '*' && item.getFirstChild() != null;
            return star && dashes.getFirst() ? "-" : source.substring(at, at + 1);
        }
        String written = number(item);
        int next = numbers.pop();
        numbers.push(next == 0 ? 0 : next + 1);
        return (next == 0 ? written : next) + source.substring(at + written.length(), at + written.length() + 1);
    }

    /** Where a block's first sign stands. */
    private int begins(Block block) {
        return words(block.getSourceSpans().getFirst().getInputIndex());
    }

    /** The first place from there on that has no white space. */
    private int words(int from) {
        int at = from;
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
        return at;
    }

    /** An item's number, digit by digit. */
    private String number(Block item) {
        int at = begins(item);
        int end = at;
        while (Character.isDigit(source.charAt(end))) {
            end++;
        }
        return source.substring(at, end);
    }

    /** Whether each item's number is 1: any other numbers are places, days or the like, and stay as they are. */
    private boolean counted(OrderedList list) {
        for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
            if (!(item instanceof Block block) || !"1".equals(number(block))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a list's stars can be dashes: a lone one is a note's, and before an amount a dash is a minus. */
    private boolean dashed(BulletList list) {
        for (Node item = list.getFirstChild(); item instanceof Block block; item = item.getNext()) {
            int at = words(begins(block) + 1);
            if (at < source.length()
                    && (Character.isDigit(source.charAt(at)) || AMOUNTS.indexOf(source.charAt(at)) >= 0)) {
                return false;
            }
        }
        return list.getFirstChild() != list.getLastChild() || list.getParent() instanceof ListItem;
    }

    /** Begins a quotation, which is shown as written where the sign says that something is more. */
    private void openQuote(BlockQuote quote) {
        int at = begins(quote) + 1;
        int first = words(at);
        char sign = first < source.length() ? source.charAt(first) : 0;
        boolean face = first == at && FACES.indexOf(sign) >= 0;
        boolean more = Character.isDigit(sign) || CURRENCIES.indexOf(sign) >= 0;
        boolean words = quote.getFirstChild() instanceof Paragraph && (face || more);
        page.openQuote(words && first == at ? ">" : "> ", !words);
    }

    private void open(Node node, String sign, Mark.Kind kind) {
        if (PlainSigns.around(node, sign)) {
            page.write(sign);
        } else {
            page.open(kind);
        }
    }

    private void close(Node node, String sign, Mark.Kind kind) {
        if (PlainSigns.around(node, sign)) {
            page.write(sign);
        } else {
            page.close(kind);
        }
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
}
