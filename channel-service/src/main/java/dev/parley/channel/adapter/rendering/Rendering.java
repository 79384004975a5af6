package dev.parley.channel.adapter.rendering;

import dev.parley.channel.adapter.Button;
import dev.parley.channel.adapter.ButtonRules;
import dev.parley.channel.adapter.OutboundMedia;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.OutboundReply;
import java.util.ArrayList;
import java.util.List;

/** Cuts a reply into messages within a channel's limits, in the form that loses least. */
public final class Rendering {
    private Rendering() {}

    /**
     * Files first, then the words; buttons stand under the last words. Buttons that the channel cannot show become
     * numbered lines, files that it cannot send become their addresses, and what is said beside a recording becomes
     * words. A template stands alone.
     *
     * @param form what Markdown becomes, where the reply is Markdown
     */
    public static List<OutboundPart> parts(OutboundReply reply, Limits limits, Form form) {
        if (reply.template() != null) {
            return List.of(reply.template());
        }
        List<OutboundPart> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (OutboundMedia media : reply.media()) {
            boolean heard = "audio".equals(media.kind()) || "voice".equals(media.kind());
            if (limits.caption() == 0) {
                text.append(media.caption() == null ? "" : media.caption() + "\n")
                        .append(media.url())
                        .append("\n\n");
            } else if (media.caption() == null || (!heard && media.caption().length() <= limits.caption())) {
                parts.add(new OutboundPart.Media(media.kind(), media.url(), media.fileName(), media.caption()));
            } else {
                parts.add(new OutboundPart.Media(media.kind(), media.url(), media.fileName(), null));
                text.append(media.caption()).append("\n\n");
            }
        }
        MarkedText said = reply.markdown() ? Markdown.read(reply.text(), form) : MarkedText.of(reply.text());
        // Buttons stand under words: without any they are words themselves.
        boolean shown = limits.buttons().show(reply.buttons())
                && !(text.toString().isBlank() && said.text().isBlank());
        MarkedText all = said.between(text.toString(), shown ? "" : "\n\n" + Button.numbered(reply.buttons()));
        List<MarkedText> pieces = new ArrayList<>(pieces(all, limits.text(), limits.text(), form));
        if (shown && !reply.buttons().isEmpty() && !pieces.isEmpty()) {
            pieces.addAll(pieces(pieces.removeLast(), limits.textOverButtons(), limits.textOverButtons(), form));
        }
        for (int i = 0; i < pieces.size(); i++) {
            boolean last = i == pieces.size() - 1;
            MarkedText piece =
                    form.written(pieces.get(i), last && shown ? limits.lastText(reply.buttons()) : limits.text());
            parts.add(new OutboundPart.Text(piece.text(), shown && last ? reply.buttons() : List.of(), piece.marks()));
        }
        return parts;
    }

    /** Cuts a text so that each piece fits as the channel writes it; where its signs make it too long, cuts again. */
    private static List<MarkedText> pieces(MarkedText text, int step, int longest, Form form) {
        List<MarkedText> pieces = new ArrayList<>();
        for (TextParts.Range range : TextParts.ranges(text.text(), step)) {
            MarkedText piece = text.slice(range);
            if (form.written(piece, longest).text().length() <= longest) {
                pieces.add(piece);
            } else {
                pieces.addAll(pieces(piece, range.length() / 2, longest, form));
            }
        }
        return pieces;
    }

    /**
     * What one message of a channel may hold.
     *
     * @param text UTF-16 units of a text
     * @param textOverButtons UTF-16 units of a text with buttons
     * @param caption UTF-16 units beside a file; 0 when the channel sends no files
     * @param buttons what may stand under it
     */
    public record Limits(int text, int textOverButtons, int caption, ButtonRules buttons) {
        /** Words alone. */
        public static Limits words(int text) {
            return new Limits(text, 0, 0, ButtonRules.NONE);
        }

        private int lastText(List<Button> under) {
            return under.isEmpty() ? text : textOverButtons;
        }
    }
}
