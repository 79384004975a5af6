package dev.parley.channel.inbound;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.InboundEvent;
import java.util.List;
import java.util.UUID;

/**
 * What one call brought for one account, in the order of the call, made of what can be stored.
 *
 * @param route of an account of the same tenant as the call's own
 */
record Batch(AccountRoute route, List<Item> items) {
    /** One event and the operation that it begins. */
    record Item(InboundEvent event, UUID operation) {
        static Item of(InboundEvent event, UUID operation) {
            return new Item(InboundTexts.storable(event), operation);
        }
    }
}
