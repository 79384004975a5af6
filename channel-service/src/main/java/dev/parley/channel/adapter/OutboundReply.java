package dev.parley.channel.adapter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said to a customer, before any channel's limits. A channel that lacks buttons shows them as numbered
 * lines, and one that lacks media as addresses.
 *
 * @param text empty when only media or a template are sent
 * @param template a message that the vendor approved, sent instead of everything else; usually null
 * @param markdown whether the text is Markdown, which the channel's own form replaces; else it is sent letter by letter
 */
public record OutboundReply(
        String text,
        List<Button> buttons,
        List<OutboundMedia> media,
        OutboundPart.@Nullable Template template,
        boolean markdown) {
    /** A reply that is sent letter by letter. */
    public OutboundReply(
            String text, List<Button> buttons, List<OutboundMedia> media, OutboundPart.@Nullable Template template) {
        this(text, buttons, media, template, false);
    }

    /** A reply of words alone. */
    public static OutboundReply of(String text) {
        return new OutboundReply(text, List.of(), List.of(), null);
    }

    /** The same reply, whose text is Markdown. */
    public OutboundReply asMarkdown() {
        return new OutboundReply(text, buttons, media, template, true);
    }
}
