package dev.parley.channel.burst;

import dev.parley.channel.media.MediaFlow;
import dev.parley.channel.media.MediaService;
import dev.parley.channel.media.MediaService.Shown;
import dev.parley.channel.turn.Images;
import dev.parley.channel.turn.Turn;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

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

    /**
     * Gives the next turn of a conversation to be answered, after its quiet window; nothing when nothing waits.
     *
     * @param answering has what came with the turn only until it returns
     * @throws Problem 503 when there is no memory for that: the turn is tried again later
     */
    public void next(TenantId tenant, UUID conversation, Consumer<Turn> answering) {
        while (true) {
            switch (bursts.next(tenant, conversation)) {
                case NextTurn.Ready ready -> {
                    illustrated(ready.turn(), answering);
                    return;
                }
                case NextTurn.Wait wait -> {
                    if (wait.media()) {
                        fetches.fetch(tenant, conversation);
                    }
                    LockSupport.parkNanos(wait.time().toNanos());
                }
                case NextTurn.Nothing nothing -> {
                    return;
                }
            }
        }
    }

    private void illustrated(Turn turn, Consumer<Turn> answering) {
        if (!turn.burst().media()) {
            answering.accept(turn);
            return;
        }
        List<Long> seqs = turn.burst().seqs();
        Turn read = turn.bringing(media.texts(turn.tenant(), turn.conversationId(), seqs));
        try (Shown shown = media.shown(turn.tenant(), turn.conversationId(), seqs)) {
            answering.accept(read.bringing(shown.withheld())
                    .showing(shown.pieces().stream()
                            .map(piece -> Images.part(piece.mediaType(), piece.name(), piece.address()))
                            .toList()));
        }
    }
}
