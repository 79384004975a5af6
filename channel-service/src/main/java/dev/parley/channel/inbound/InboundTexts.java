package dev.parley.channel.inbound;

import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.MediaContent;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.Sender;
import dev.parley.channel.text.PlainText;
import org.jspecify.annotations.Nullable;

/** Events as the database can hold them, whatever a customer calls themselves or their files. */
final class InboundTexts {
    private static final int LONGEST_ID = 300;
    private static final int LONGEST_RECIPIENT = 16_384;
    private static final int LONGEST_NAME = 300;
    private static final int LONGEST_WORD = 64;
    private static final int LONGEST_RAW = 65_536;
    private static final int LONGEST_TEXT = 32_000;
    private static final int LONGEST_ERROR = 1_000;
    private static final int LONGEST_PAYLOAD = 4_096;

    private InboundTexts() {}

    /** The same event without what the database cannot hold, and no longer than is of use. */
    static InboundEvent storable(InboundEvent event) {
        String id = clean(event.id(), LONGEST_ID);
        String kind = clean(event.kind(), LONGEST_WORD);
        return switch (event) {
            case InboundEvent.Message message -> new InboundEvent.Message(id, kind, storable(message.message()));
            case InboundEvent.Status status ->
                new InboundEvent.Status(
                        id,
                        kind,
                        clean(status.providerMessageId(), LONGEST_ID),
                        status.status(),
                        status.at(),
                        status.error() == null ? null : clean(status.error(), LONGEST_ERROR),
                        status.reference(),
                        status.refusal());
            case InboundEvent.Edit edit ->
                new InboundEvent.Edit(
                        id, kind, clean(edit.thread(), LONGEST_ID), edit.order(), clean(edit.text(), LONGEST_TEXT));
            case InboundEvent.Move move ->
                new InboundEvent.Move(id, kind, clean(move.from(), LONGEST_ID), clean(move.to(), LONGEST_ID));
            case InboundEvent.Other other -> new InboundEvent.Other(id, kind, clean(other.raw(), LONGEST_RAW));
            case InboundEvent.Elsewhere elsewhere ->
                new InboundEvent.Elsewhere(
                        id, kind, clean(elsewhere.account(), LONGEST_ID), clean(elsewhere.raw(), LONGEST_RAW));
        };
    }

    private static InboundMessage storable(InboundMessage message) {
        return new InboundMessage(
                clean(message.thread(), LONGEST_ID),
                clean(message.recipient(), LONGEST_RECIPIENT),
                message.alone(),
                storable(message.sender()),
                cut(message.subject(), LONGEST_NAME),
                clean(message.text(), LONGEST_TEXT),
                message.sentAt(),
                message.order(),
                message.media().stream().map(InboundTexts::storable).toList(),
                message.files().stream()
                        .map(file -> new MediaContent(cut(file.fileName(), LONGEST_NAME), file.bytes()))
                        .toList(),
                cut(message.buttonPayload(), LONGEST_PAYLOAD));
    }

    private static Sender storable(Sender sender) {
        return new Sender(
                clean(sender.id(), LONGEST_ID),
                cut(sender.displayName(), LONGEST_NAME),
                cut(sender.username(), LONGEST_NAME),
                cut(sender.language(), LONGEST_NAME),
                cut(sender.phone(), LONGEST_NAME));
    }

    private static MediaReference storable(MediaReference media) {
        return new MediaReference(
                media.kind(),
                clean(media.providerId(), LONGEST_PAYLOAD),
                cut(media.mimeType(), LONGEST_NAME),
                cut(media.fileName(), LONGEST_NAME),
                media.bytes());
    }

    private static @Nullable String cut(@Nullable String text, int most) {
        return text == null ? null : clean(text, most);
    }

    private static String clean(String text, int most) {
        String clean = PlainText.storable(text);
        if (clean.length() <= most) {
            return clean;
        }
        return PlainText.storable(clean.substring(0, most));
    }
}
