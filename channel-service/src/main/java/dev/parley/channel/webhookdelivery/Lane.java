package dev.parley.channel.webhookdelivery;

import dev.parley.channel.webhook.Target;
import dev.parley.channel.webhookdelivery.TellRepository.Taken;
import dev.parley.channel.webhookdelivery.WebhookSender.Route;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to one endpoint, as many at a time as it may have, until all were attempted or it is stopped. Everything
 * here happens on the event loop of its round.
 */
final class Lane {
    private final Lease lease;
    private final Target target;
    private final Route route;
    private final Instant readAt;
    private final long readNanos = System.nanoTime();
    private final WebhookSender sender;
    private final Runnable ended;
    private final Queue<Due> waiting = new ArrayDeque<>();
    private final List<Call> underWay = new ArrayList<>();
    private final List<Call> finished = new ArrayList<>();
    private volatile @Nullable Consumer<Call> heir;
    private boolean stopped;
    private boolean stalled;
    private int seen;

    /**
     * A lane of a queue that is ours.
     *
     * @param ended runs when nothing more is under way
     */
    Lane(Taken taken, Target target, Route route, List<Due> events, WebhookSender sender, Runnable ended) {
        this.lease = taken.lease();
        this.target = target;
        this.route = route;
        this.readAt = taken.readAt();
        this.sender = sender;
        this.ended = ended;
        waiting.addAll(events);
    }

    Lease lease() {
        return lease;
    }

    Target target() {
        return target;
    }

    /** Begins as many attempts as may be. */
    void begin() {
        while (!stopped && !waiting.isEmpty() && underWay.size() < target.concurrency()) {
            Instant now = readAt.plusNanos(System.nanoTime() - readNanos);
            Call call = sender.prepare(waiting.remove(), target, route, now, this::ended);
            underWay.add(call);
            sender.send(lease.tenant(), call);
        }
    }

    private void ended(Call call) {
        Consumer<Call> other = heir;
        if (other != null) {
            other.accept(call);
            return;
        }
        underWay.remove(call);
        finished.add(call);
        Attempt attempt = call.attempt();
        stopped |= attempt != null && (attempt.retryAfter() != null || attempt.gone() || isFailing());
        begin();
        if (underWay.isEmpty()) {
            ended.run();
        }
    }

    /** Whether the last attempts were all failures, so that the rest had better wait. */
    private boolean isFailing() {
        int before = finished.size() - Lease.IN_DOUBT;
        return before >= 0
                && finished.subList(before, finished.size()).stream()
                        .map(Call::attempt)
                        .noneMatch(attempt -> attempt != null && attempt.taken());
    }

    /** Begins nothing more when nothing has ended since the last look, or this was the last one. */
    void look(boolean last) {
        stalled |= !underWay.isEmpty() && (last || finished.size() == seen);
        stopped |= stalled;
        seen = finished.size();
    }

    boolean hasStalled() {
        return stalled;
    }

    boolean isOver() {
        return underWay.isEmpty();
    }

    /** The attempts that have ended. */
    List<Call> finished() {
        return finished;
    }

    /** Those that have not. */
    List<Call> underWay() {
        return underWay;
    }

    /** What was not attempted. */
    List<Due> left() {
        return List.copyOf(waiting);
    }

    /** From now on somebody else hears of what ends, also of what ended since the lane was read. */
    void inherit(List<Call> calls, Consumer<Call> by) {
        heir = by;
        calls.stream().filter(call -> call.attempt() != null).forEach(by);
    }
}
