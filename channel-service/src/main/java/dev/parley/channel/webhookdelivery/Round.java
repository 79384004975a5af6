package dev.parley.channel.webhookdelivery;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Lanes that run together; it is over when each has ended or stalls, or after so many looks. */
final class Round {
    private static final int LOOKS = 5;

    private final Context loop;
    private final List<Lane> lanes = new ArrayList<>();
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();

    Round(Context loop) {
        this.loop = loop;
    }

    /** Adds a lane, before the round is run. */
    void add(Function<Runnable, Lane> lane) {
        lanes.add(lane.apply(this::look));
    }

    /** What is known of a lane when its round is over. */
    record Outcome(Lane lane, List<Call> finished, List<Call> underWay, List<Due> left) {}

    /** Runs all lanes, and returns what became of them; those in which nothing ends for that long are stopped. */
    List<Outcome> run(Duration patience) {
        if (lanes.isEmpty()) {
            return List.of();
        }
        loop.runOnContext(begin -> {
            lanes.forEach(Lane::begin);
            look();
        });
        for (int looks = 1; !isOver(patience); looks++) {
            boolean last = looks == LOOKS;
            loop.runOnContext(check -> {
                lanes.forEach(lane -> lane.look(last));
                look();
            });
        }
        CompletableFuture<List<Outcome>> outcomes = new CompletableFuture<>();
        loop.runOnContext(read -> outcomes.complete(lanes.stream()
                .map(lane -> new Outcome(lane, List.copyOf(lane.finished()), List.copyOf(lane.underWay()), lane.left()))
                .toList()));
        return outcomes.join();
    }

    private boolean isOver(Duration patience) {
        try {
            return over.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
            return false;
        } catch (InterruptedException | ExecutionException stopping) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void look() {
        if (lanes.stream().allMatch(lane -> lane.isOver() || lane.hasStalled())) {
            over.complete(true);
        }
    }
}
