package dev.parley.channel.answer;

import dev.parley.channel.outbound.Deltas;
import dev.parley.channel.turn.Said;
import dev.parley.channel.turn.Turn;
import dev.parley.channel.turn.TurnService;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Answers that this process is writing to clients: when a person takes such a conversation over, its stream ends at once,
 * whatever the agent still writes.
 */
@ApplicationScoped
public class LiveAnswers {
    private final TurnService turns;
    private final ConcurrentHashMap<TenantId, Set<Writing>> writings = new ConcurrentHashMap<>();

    LiveAnswers(TurnService turns) {
        this.turns = turns;
    }

    /** Starts the work of that turn at once, on a thread of its own. */
    public LiveAnswer start(Turn turn, Function<Deltas, ? extends Said> work) {
        Writing writing = new Writing(turn.conversationId(), turn.operationId(), new LiveAnswer());
        writings.compute(turn.tenant(), (tenant, known) -> {
            Set<Writing> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            all.add(writing);
            return all;
        });
        return writing.answer().begin(deltas -> {
            try {
                return work.apply(deltas);
            } finally {
                writings.computeIfPresent(
                        turn.tenant(), (tenant, all) -> all.remove(writing) && all.isEmpty() ? null : all);
            }
        });
    }

    /** Whether something is being written to a client of that tenant. */
    public boolean any(TenantId tenant) {
        return writings.containsKey(tenant);
    }

    /** Ends what is being written in a conversation that a person took over. */
    public void takenOver(TenantId tenant, UUID conversation) {
        for (Writing writing : writings.getOrDefault(tenant, Set.of())) {
            if (writing.conversation().equals(conversation)) {
                turns.held(tenant, writing.operation()).ifPresent(writing.answer()::leave);
            }
        }
    }

    /** One answer that is being written. */
    private record Writing(UUID conversation, UUID operation, LiveAnswer answer) {}
}
