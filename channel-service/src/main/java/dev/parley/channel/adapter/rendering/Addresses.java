package dev.parley.channel.adapter.rendering;

import java.util.regex.Pattern;
import org.commonmark.node.CustomNode;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.parser.InlineParserContext;
import org.commonmark.parser.beta.LinkInfo;
import org.commonmark.parser.beta.LinkProcessor;
import org.commonmark.parser.beta.LinkResult;
import org.commonmark.parser.beta.Scanner;

/** Keeps brackets that lead to no address: f[i](x) and [sic](c) are words. */
final class Addresses implements LinkProcessor {
    private static final Pattern ADDRESS = Pattern.compile(
            "[/#?.].*|[a-z][a-z0-9+.-]+:.*|[^/?#\\s]+\\.[a-z]{2,}([/?#:].*)?", Pattern.CASE_INSENSITIVE);

    @Override
    public LinkResult process(LinkInfo link, Scanner scanner, InlineParserContext context) {
        String destination = link.destination() == null ? defined(link, scanner, context) : link.destination();
        return destination.isEmpty() || ADDRESS.matcher(destination).matches()
                ? LinkResult.none()
                : LinkResult.wrapTextIn(new Brackets(), link.afterTextBracket());
    }

    private static String defined(LinkInfo link, Scanner scanner, InlineParserContext context) {
        String label = link.label() == null || link.label().isEmpty() ? link.text(scanner) : link.label();
        LinkReferenceDefinition definition = context.getDefinition(LinkReferenceDefinition.class, label);
        return definition == null ? "" : definition.getDestination();
    }

    /** Words in brackets. */
    static final class Brackets extends CustomNode {}
}
