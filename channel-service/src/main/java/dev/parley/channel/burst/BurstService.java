package dev.parley.channel.burst;

import dev.parley.channel.burst.BurstRepository.Follower;
import dev.parley.channel.burst.BurstRepository.Open;
import dev.parley.channel.burst.BurstRepository.Piece;
import dev.parley.channel.delivery.DeliveryService;
import dev.parley.channel.draft.DraftService;
import dev.parley.channel.handoff.HandoffService;
import dev.parley.channel.handoff.Ownership;
import dev.parley.channel.media.MediaConfig;
import dev.parley.channel.outbound.OutboundConfig;
import dev.parley.channel.turn.Burst;
import dev.parley.channel.turn.Outcome;
import dev.parley.channel.turn.Turn;
import dev.parley.channel.turn.TurnService;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Makes one turn of what a customer of a messenger writes in pieces.
 *
 * <p>The latest message is answered, for all that came before it and got no answer. A message that comes while the agent
 * works takes that answer's place: what the discarded run used is charged, the message only with the answer that is sent.
 */
@ApplicationScoped
public class BurstService {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    /** Until the price of what was settled is noted. */
    private static final Duration A_WHILE = Duration.ofSeconds(1);

    private final Database database;
    private final BurstRepository repository;
    private final TurnService turns;
    private final HandoffService handoffs;
    private final DeliveryService deliveries;
    private final DraftService drafts;
    private final BurstConfig config;
    private final MediaConfig media;
    private final Duration charging;

    BurstService(
            Database database,
            BurstRepository repository,
            TurnService turns,
            HandoffService handoffs,
            DeliveryService deliveries,
            DraftService drafts,
            BurstConfig config,
            MediaConfig media,
            OutboundConfig outbound) {
        this.database = database;
        this.repository = repository;
        this.turns = turns;
        this.handoffs = handoffs;
        this.deliveries = deliveries;
        this.drafts = drafts;
        this.config = config;
        this.media = media;
        this.charging = outbound.settlementPatience().plus(A_WHILE);
    }

    /** What is to be answered now, and taken by that: no other thread gets it before it ends or is left behind. */
    NextTurn next(TenantId tenant, UUID conversation) {
        return database.inTenant(tenant, handle -> {
            Optional<Ownership> owner = handoffs.look(handle, tenant, conversation);
            List<Open> open = repository.open(handle, tenant, conversation, media.patience(), charging);
            if (owner.isEmpty() || !owner.get().onMessenger() || open.isEmpty()) {
                return new NextTurn.Nothing();
            }
            boolean awaited = open.stream().anyMatch(Open::awaited);
            // What a message was charged for is known when that is done.
            boolean charged = open.stream().anyMatch(Open::charged);
            Duration wait = awaited || charged ? LOOK_AGAIN : wait(open);
            if (wait.isPositive()) {
                return new NextTurn.Wait(wait, awaited);
            }
            return new NextTurn.Ready(begin(handle, tenant, conversation, open, owner.get()));
        });
    }

    private Duration wait(List<Open> open) {
        if (open.stream().anyMatch(Open::begun)) {
            return Duration.ZERO;
        }
        Duration sinceLatest = open.getLast().age();
        Duration sinceFirst =
                open.stream().map(Open::age).max(Duration::compareTo).orElseThrow();
        Duration quiet = config.quiet().minus(sinceLatest);
        Duration longest = config.longest().minus(sinceFirst);
        return quiet.compareTo(longest) < 0 ? quiet : longest;
    }

    private Turn begin(Handle handle, TenantId tenant, UUID conversation, List<Open> open, Ownership owner) {
        UUID latest = open.getLast().operation();
        List<Open> earlier = open.subList(0, open.size() - 1);
        if (!earlier.isEmpty()) {
            turns.merge(handle, tenant, earlier.stream().map(Open::operation).toList(), latest);
        }
        List<Follower> followers = repository.followers(handle, tenant, latest);
        List<UUID> unsent = new ArrayList<>(
                repository.replaceable(handle, tenant, deliveries.unsent(handle, tenant, conversation)));
        unsent.addAll(drafts.waiting(handle, tenant, conversation));
        List<UUID> answered = new ArrayList<>(unsent);
        answered.add(latest);
        List<Piece> pieces = repository.pieces(handle, tenant, answered);
        List<UUID> abandoned = new ArrayList<>(turns.unsettledBefore(handle, tenant, latest));
        // Where people had a say, what was charged may have been for an answer that nobody let out.
        followers.stream()
                .filter(follower -> !follower.settled() || owner.epoch() > 0)
                .map(Follower::operation)
                .forEach(abandoned::add);
        List<Long> seqs = pieces.stream().map(Piece::seq).toList();
        Burst burst = new Burst(
                owner.optedOut(),
                owner.language(),
                abandoned,
                !followers.isEmpty(),
                unsent,
                seqs,
                pieces.stream().anyMatch(Piece::media));
        return turns.start(handle, tenant, latest, joined(pieces), owner.epoch(), burst);
    }

    /** As much as an agent is told, the latest of it. */
    private String joined(List<Piece> pieces) {
        int from = pieces.size() - 1;
        long left = turns.longestContext() - pieces.get(from).text().length();
        while (from > 0 && left >= pieces.get(from - 1).text().length()) {
            from--;
            left -= pieces.get(from).text().length();
        }
        return pieces.subList(from, pieces.size()).stream().map(Piece::text).collect(Collectors.joining("\n"));
    }

    /**
     * Whether the answer that a run gave is still wanted: nobody else took the conversation, and nothing newer came, or
     * this turn took an earlier one's place already.
     */
    public boolean wants(Turn turn) {
        Optional<UUID> latest = latest(turn);
        return latest.isPresent()
                && (latest.get().equals(turn.operationId()) || turn.burst().insistent());
    }

    private Optional<UUID> latest(Turn turn) {
        return database.inTenant(turn.tenant(), handle -> latest(handle, turn));
    }

    private Optional<UUID> latest(Handle handle, Turn turn) {
        return repository.latestBeside(handle, turn.tenant(), turn.conversationId(), turn.operationId());
    }

    /** Ends a turn whose answer is not wanted any more: in the newer message's operation, if there is one. */
    public void discard(Turn turn, Outcome outcome) {
        database.useTenant(turn.tenant(), handle -> {
            turns.noteCost(handle, turn, outcome);
            latest(handle, turn)
                    .filter(newer -> !newer.equals(turn.operationId()))
                    .ifPresent(newer -> turns.merge(handle, turn.tenant(), List.of(turn.operationId()), newer));
        });
    }
}
