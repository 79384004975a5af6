package dev.parley.channel.reception;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.media.Enclosures.Brought;
import java.util.List;
import java.util.UUID;

/**
 * A message that came.
 *
 * @param operation the one that it begins
 * @param files what came with it, already written
 */
public record Arrival(AccountRoute route, InboundEvent.Message event, UUID operation, List<Brought> files) {}
