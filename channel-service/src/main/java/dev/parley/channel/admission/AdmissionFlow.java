package dev.parley.channel.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.channel.turn.Admission;
import dev.parley.channel.turn.AnswerConfig;
import dev.parley.channel.turn.MessageProblem;
import dev.parley.channel.turn.NewMessage;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Has messages of a conversation wait for their turn, in the order in which they came to this process; those at other
 * processes take turns with them. Whose turn it is stands in the database: who waits here holds nothing.
 */
@ApplicationScoped
public class AdmissionFlow {
    private static final String LATER = "2";

    private final AdmissionService admissions;
    private final AnswerConfig config;
    private final ConcurrentHashMap<UUID, Line> lines = new ConcurrentHashMap<>();

    AdmissionFlow(AdmissionService admissions, AnswerConfig config) {
        this.admissions = admissions;
        this.config = config;
    }

    /**
     * Stores a message of the web channel, or finds it when its client id is known; waits while another one of its
     * conversation is being answered.
     *
     * @param clientMessageId the client's id, from the body or the Idempotency-Key; null when it gave none
     * @param images as they are stored; null for none
     * @return empty when the conversation is on a messenger, where only people of the tenant write: nothing is stored
     * @throws Problem 404 when there is no such conversation, 409 when its turn does not come in time: nothing is stored
     */
    public Optional<Admission> admit(
            Caller caller,
            UUID conversation,
            String text,
            @Nullable ArrayNode images,
            @Nullable String clientMessageId) {
        TenantId tenant = caller.tenant();
        NewMessage message = admissions.message(caller, conversation, text, images, clientMessageId);
        // Where others wait a new message does not pass them; a repetition of a known one has nothing to wait for.
        Entry entry =
                lines.containsKey(conversation) ? admissions.look(tenant, message) : admissions.enter(tenant, message);
        return admitted(entry instanceof Entry.Busy ? inLine(tenant, message) : entry);
    }

    /** Has who waits first in a conversation look at once: a turn ended there, or was let go, at this process. */
    public void turnEnded(UUID conversation) {
        Line line = lines.get(conversation);
        if (line != null) {
            line.ends.release();
        }
    }

    private static Optional<Admission> admitted(Entry entry) {
        return switch (entry) {
            case Entry.Admitted admitted -> Optional.of(admitted.admission());
            case Entry.OnMessenger onMessenger -> Optional.empty();
            case Entry.Busy busy -> throw new Problem(MessageProblem.CONVERSATION_BUSY).header("Retry-After", LATER);
        };
    }

    private Entry inLine(TenantId tenant, NewMessage message) {
        long until = System.nanoTime() + config.turnPatience().toNanos();
        Line line = lines.compute(message.conversationId(), (id, known) -> {
            Line joined = known == null ? new Line() : known;
            joined.length++;
            return joined;
        });
        try {
            return line.first.tryLock(until - System.nanoTime(), TimeUnit.NANOSECONDS)
                    ? atItsHead(tenant, message, line, until)
                    : new Entry.Busy();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return new Entry.Busy();
        } finally {
            lines.compute(message.conversationId(), (id, known) -> --line.length == 0 ? null : line);
        }
    }

    private Entry atItsHead(TenantId tenant, NewMessage message, Line line, long until) throws InterruptedException {
        try {
            Entry entry = admissions.enter(tenant, message);
            while (entry instanceof Entry.Busy && System.nanoTime() < until) {
                line.awaitEnd(Math.min(config.turnLookAgain().toNanos(), until - System.nanoTime()));
                entry = admissions.enter(tenant, message);
            }
            return entry;
        } finally {
            line.first.unlock();
        }
    }

    /** Those who wait in one conversation. */
    private static final class Line {
        /** Fair: who came first is first. */
        private final ReentrantLock first = new ReentrantLock(true);
        /** Turns that ended here and were not looked at since. */
        private final Semaphore ends = new Semaphore(0);
        /** Changed by whoever computes the map's entry. */
        private int length;

        /** Until a turn ends here, but no longer than that: it may end elsewhere. */
        private void awaitEnd(long nanos) throws InterruptedException {
            if (ends.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
                ends.drainPermits();
            }
        }
    }
}
