package dev.parley.channel.inbound;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of webhook calls: short ones at once, a longer one when there is memory for it, for anybody may call.
 */
@ApplicationScoped
class CallBodies {
    /** Nearly every call is shorter. */
    private static final int SHORT = 64 * 1024;
    /** What came, and what is made of it. */
    private static final int COPIES = 3;

    /** To one account; the others wait. */
    private static final int AT_ONCE = 2;

    private final int units;
    private final Semaphore free;
    private final Duration patience;
    private final Duration longest;
    private final LoadingCache<UUID, Semaphore> accounts =
            Caffeine.newBuilder().weakValues().build(account -> new Semaphore(AT_ONCE));

    CallBodies(CallConfig config) {
        this.units = Math.toIntExact(config.memory().asLongValue() / SHORT);
        this.free = new Semaphore(units);
        this.patience = config.patience();
        this.longest = config.longest();
    }

    /**
     * Reads one to its end; it has its share of the memory, which grows as it comes, until it is closed.
     *
     * @param most the most bytes that the messenger's calls have
     * @throws Problem 413 when there are more, 400 when it breaks off or takes too long, 503 when there is no memory for
     *     it in time
     */
    Body read(UUID account, InputStream in, int most) {
        long end = System.nanoTime() + longest.toNanos();
        byte[] start = next(in, Math.min(SHORT, most), end);
        if (start.length < SHORT && start.length < most) {
            return new Body(start, 0, null);
        }
        Semaphore together = accounts.get(account);
        take(together, 1);
        int share = 0;
        try {
            ByteArrayOutputStream whole = new ByteArrayOutputStream(2 * SHORT);
            for (byte[] more = start; more.length > 0; more = next(in, SHORT, end)) {
                if (whole.size() + more.length > most) {
                    throw new Problem(CommonProblem.PAYLOAD_TOO_LARGE)
                            .detail("Calls of this messenger have " + most + " bytes at most.");
                }
                int piece = Math.min(COPIES, units - share);
                take(free, piece);
                share += piece;
                whole.writeBytes(more);
            }
            return new Body(whole.toByteArray(), share, together);
        } catch (RuntimeException failure) {
            free.release(share);
            together.release();
            throw failure;
        }
    }

    private void take(Semaphore those, int share) {
        try {
            if (those.tryAcquire(share, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        throw new Problem(CommonProblem.UNAVAILABLE)
                .detail("Too many long calls are under way.")
                .header("Retry-After", "2");
    }

    /** As many bytes as that, or those before the end. */
    private static byte[] next(InputStream in, int most, long end) {
        byte[] bytes = new byte[most];
        int length = 0;
        try {
            for (int read = 0; read >= 0 && length < most; read = in.read(bytes, length, most - length)) {
                length += read;
                if (System.nanoTime() - end > 0) {
                    throw new Problem(InboundProblem.WEBHOOK_NOT_READABLE).detail("The call took too long.");
                }
            }
            return length == most ? bytes : Arrays.copyOf(bytes, length);
        } catch (IOException cut) {
            throw new Problem(InboundProblem.WEBHOOK_NOT_READABLE, cut);
        }
    }

    /** A body, and its share of the memory. */
    final class Body implements AutoCloseable {
        private final byte[] bytes;
        private final int share;
        private final @Nullable Semaphore together;

        private Body(byte[] bytes, int share, @Nullable Semaphore together) {
            this.bytes = bytes;
            this.share = share;
            this.together = together;
        }

        byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            free.release(share);
            if (together != null) {
                together.release();
            }
        }
    }
}
