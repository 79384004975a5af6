package dev.parley.channel.adapter.rendering;

import dev.parley.channel.adapter.Button;
import dev.parley.channel.adapter.OutboundMedia;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.OutboundReply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Cuts a reply into messages within a channel's limits, in the form that loses least. */
public final class Rendering {
    private Rendering() {}

    /**
     * Files first, then the words; buttons stand under the last words. Buttons that the channel cannot show become
     * numbered lines, files that it cannot send become their addresses, and what is said beside a recording becomes
     * words. A template stands alone.
     */
    public static List<OutboundPart> parts(OutboundReply reply, Limits limits) {
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
        text.append(reply.text());
        // Buttons stand under words: without any they are words themselves.
        boolean shown = limits.show(reply.buttons()) && !text.toString().isBlank();
        if (!shown) {
            text.append("\n\n").append(numbered(reply.buttons()));
        }
        List<String> texts = new ArrayList<>(TextParts.split(text.toString(), limits.text()));
        if (shown && !reply.buttons().isEmpty() && !texts.isEmpty()) {
            texts.addAll(TextParts.split(texts.removeLast(), limits.textOverButtons()));
        }
        for (int i = 0; i < texts.size(); i++) {
            boolean last = i == texts.size() - 1;
            parts.add(new OutboundPart.Text(texts.get(i), shown && last ? reply.buttons() : List.of()));
        }
        return parts;
    }

    private static String numbered(List<Button> buttons) {
        return IntStream.range(0, buttons.size())
                .mapToObj(i -> (i + 1) + ". " + buttons.get(i).title())
                .collect(Collectors.joining("\n"));
    }

    /**
     * What one message of a channel may hold.
     *
     * @param text UTF-16 units of a text
     * @param textOverButtons UTF-16 units of a text with buttons
     * @param caption UTF-16 units beside a file; 0 when the channel sends no files
     * @param buttons how many buttons
     * @param title UTF-16 units on a button
     * @param payload bytes behind a button
     */
    public record Limits(int text, int textOverButtons, int caption, int buttons, int title, int payload) {
        /** Words alone. */
        public static Limits words(int text) {
            return new Limits(text, 0, 0, 0, 0, 0);
        }

        private boolean show(List<Button> wanted) {
            return wanted.size() <= buttons
                    && wanted.stream().map(Button::title).distinct().count() == wanted.size()
                    && wanted.stream()
                            .allMatch(button -> !button.title().isBlank()
                                    && !button.payload().isEmpty()
                                    && button.title().length() <= title
                                    && button.payload().getBytes(StandardCharsets.UTF_8).length <= payload);
        }
    }
}
