package dev.parley.channel.burst;

import dev.parley.channel.turn.Turn;
import java.time.Duration;

/** What there is to answer in a messenger's conversation. */
sealed interface NextTurn {
    /** A message to be answered now, with those that came before it and were not answered. */
    record Ready(Turn turn) implements NextTurn {}

    /**
     * The customer may still be writing: ask again after that time.
     *
     * @param media whether something that came with a message is to be fetched meanwhile
     */
    record Wait(Duration time, boolean media) implements NextTurn {}

    /** Nothing waits for an answer. */
    record Nothing() implements NextTurn {}
}
