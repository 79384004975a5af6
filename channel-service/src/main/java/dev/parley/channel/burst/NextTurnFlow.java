package dev.parley.channel.burst;

import dev.parley.channel.media.MediaFlow;
import dev.parley.channel.media.MediaService;
import dev.parley.channel.turn.Turn;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** Waits until a customer of a messenger has said what they wanted to say, and gives that to be answered. */
@ApplicationScoped
public class NextTurnFlow {
    private final BurstService bursts;
    private final MediaService media;
    private final MediaFlow fetches;

    NextTurnFlow(BurstService bursts, MediaService media, MediaFlow fetches) {
        this.bursts = bursts;
        this.media = media;
        this.fetches = fetches;
    }

    /** The next turn of a conversation, after its quiet window; empty when nothing waits for an answer. */
    public Optional<Turn> await(TenantId tenant, UUID conversation) {
        while (true) {
            switch (bursts.next(tenant, conversation)) {
                case NextTurn.Ready ready -> {
                    return Optional.of(illustrated(ready.turn()));
                }
                case NextTurn.Wait wait -> {
                    if (wait.media()) {
                        fetches.fetch(tenant, conversation);
                    }
                    LockSupport.parkNanos(wait.time().toNanos());
                }
                case NextTurn.Nothing nothing -> {
                    return Optional.empty();
                }
            }
        }
    }

    private Turn illustrated(Turn turn) {
        return turn.burst().media()
                ? turn.showing(media.pictures(
                        turn.tenant(), turn.conversationId(), turn.burst().seqs()))
                : turn;
    }
}
