package dev.parley.channel.answer;

import dev.parley.channel.outbound.Deltas;
import dev.parley.channel.turn.Answer;
import dev.parley.channel.turn.Held;
import dev.parley.channel.turn.Said;
import io.opentelemetry.context.Context;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/**
 * An answer that is being written on a thread of its own, so that neither a slow nor a vanished client holds up or
 * ends the run. What waits for the client is never more than one reply.
 */
public final class LiveAnswer {
    private final LinkedBlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

    LiveAnswer() {}

    /** Starts the work at once. */
    public static LiveAnswer start(Function<Deltas, ? extends Said> work) {
        return new LiveAnswer().begin(work);
    }

    /** Begins the work, once. */
    LiveAnswer begin(Function<Deltas, ? extends Said> work) {
        Thread.ofVirtual().name("answer").start(Context.current().wrap(() -> run(work)));
        return this;
    }

    /** Ends it before the agent does: nobody reads what comes behind this frame. */
    void leave(Held held) {
        frames.add(new Left(held));
    }

    private void run(Function<Deltas, ? extends Said> work) {
        try {
            Said said = work.apply(text -> frames.add(new Delta(text)));
            frames.add(
                    switch (said) {
                        case Answer answer -> new Done(answer);
                        case Held held -> new Left(held);
                    });
        } catch (RuntimeException | Error failure) {
            frames.add(
                    new Failed(failure instanceof RuntimeException known ? known : new IllegalStateException(failure)));
        }
    }

    /** Waits for the next frame. After {@link Done}, {@link Left} or {@link Failed} there is none. */
    public Frame next() {
        try {
            return frames.take();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return new Failed(new IllegalStateException("the service stops", stopping));
        }
    }

    /** Whether another frame is there without waiting: then flushing can wait. */
    public boolean hasNext() {
        return !frames.isEmpty();
    }

    /** A piece of the stream. */
    public sealed interface Frame {}

    /** Some more text. */
    public record Delta(String text) implements Frame {}

    /** The whole answer, stored and settled. */
    public record Done(Answer answer) implements Frame {}

    /** The end without an answer of the agent: a person has the conversation, and what was shown of one does not count. */
    public record Left(Held held) implements Frame {}

    /** The end without an answer. */
    public record Failed(RuntimeException failure) implements Frame {}
}
