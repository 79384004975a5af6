package dev.parley.channel.inbound;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.MediaContent;
import dev.parley.channel.media.Enclosures.Brought;
import java.util.List;
import java.util.UUID;

/**
 * What one call brought for one account, in the order of the call, made of what can be stored.
 *
 * @param route of an account of the same tenant as the call's own
 */
record Batch(AccountRoute route, List<Item> items) {
    /**
     * One event and the operation that it begins.
     *
     * @param brought its files, which are written
     */
    record Item(InboundEvent event, UUID operation, List<Brought> brought) {
        static Item of(InboundEvent event, UUID operation) {
            return new Item(InboundTexts.storable(event), operation, List.of());
        }

        /** The files that came with it. */
        List<MediaContent> files() {
            return event instanceof InboundEvent.Message message
                    ? message.message().files()
                    : List.of();
        }

        Item with(List<Brought> written) {
            return new Item(event, operation, written);
        }
    }
}
