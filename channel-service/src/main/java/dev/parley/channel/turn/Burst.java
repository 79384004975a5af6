package dev.parley.channel.turn;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a turn of a messenger's conversation answers beside its own message, and what that means for it.
 *
 * @param optedOut whether the customer asked to be sent nothing more
 * @param language the customer's, as they or their messenger say; null when nobody said
 * @param abandoned operations that had begun, were merged into this one or ended by a person, and of which nobody knows
 *     what was charged
 * @param insistent whether this turn took an earlier one's place already: who keeps writing is answered all the same
 * @param unsent operations whose answers were never sent; this turn's answer takes their place, and of the message that
 *     they paid for is not paid again
 * @param seqs the turns that it answers
 * @param media whether something else than text came with them
 */
public record Burst(
        boolean optedOut,
        @Nullable String language,
        List<UUID> abandoned,
        boolean insistent,
        List<UUID> unsent,
        List<Long> seqs,
        boolean media) {
    /** Whether the message's price was paid with an answer that this one replaces. */
    public boolean paid() {
        return !unsent.isEmpty();
    }
}
