package dev.parley.channel.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.stream.StreamRepository.Told;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Sockets that write down what they are sent, and events that are there when the test has them happen. */
class AudienceTest {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final StreamCursor START = new StreamCursor(1, 0);

    private final List<Told> happened = new CopyOnWriteArrayList<>();
    private final AtomicBoolean forgotten = new AtomicBoolean();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch read = new CountDownLatch(1);

    @Test
    void whoJoinsWhileNewsAreReadHearsWhatCameBeforeThemToo() throws Exception {
        Audience audience = audience(Duration.ofDays(1));
        Socket first = new Socket();
        Socket late = new Socket();
        audience.join(first.subscriber(), START);
        happen(2);
        audience.wake();
        assertThat(first.next()).isEqualTo("2.0");
        happen(3);
        audience.wake();
        reading.await();

        audience.join(late.subscriber(), START);
        read.countDown();

        assertThat(List.of(late.next(), late.next())).containsExactly("2.0", "3.0");
        assertThat(first.next()).isEqualTo("3.0");
        happen(4);
        audience.wake();
        assertThat(List.of(first.next(), late.next())).containsExactly("4.0", "4.0");
    }

    @Test
    void whoWasToldNothingUntilItWasForgottenIsSentAway() throws Exception {
        read.countDown();
        Audience audience = audience(Duration.ZERO);
        Socket socket = new Socket();
        forgotten.set(true);

        audience.join(socket.subscriber(), START);

        assertThat(socket.next()).isEqualTo("closed 1013");
    }

    @Test
    void whoWasToldNothingForLongHearsWhatIsNotForgotten() throws Exception {
        read.countDown();
        Audience audience = audience(Duration.ZERO);
        Socket socket = new Socket();
        happen(2);

        audience.join(socket.subscriber(), START);

        assertThat(socket.next()).isEqualTo("2.0");
    }

    private void happen(long xid) {
        happened.add(new Told(new StreamCursor(xid, 0), "test.happened.v1", "{}", Instant.EPOCH));
    }

    private Audience audience(Duration remembered) {
        StreamFormat format = new StreamFormat(new ObjectMapper(), Clock.systemUTC()) {
            @Override
            String text(Told event) {
                return event.cursor().toString();
            }
        };
        return new Audience(TENANT, new Events(), format, remembered);
    }

    /** The third event is read when the test lets it. */
    private final class Events extends StreamService {
        Events() {
            super(null, null, null);
        }

        @Override
        List<Told> after(TenantId tenant, StreamCursor place) {
            List<Told> news = happened.stream()
                    .filter(event -> event.cursor().compareTo(place) > 0)
                    .toList();
            if (news.size() == 1 && news.getFirst().cursor().xid() == 3) {
                reading.countDown();
                try {
                    read.await();
                } catch (InterruptedException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
            return news;
        }

        @Override
        Optional<List<Told>> missed(TenantId tenant, StreamCursor place) {
            return forgotten.get() ? Optional.empty() : Optional.of(after(tenant, place));
        }
    }

    /** What a socket was sent, in order, and how it was closed. */
    private static final class Socket {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        Subscriber subscriber() {
            return new Subscriber("user", (WebSocketConnection) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {WebSocketConnection.class},
                    (self, method, arguments) -> switch (method.getName()) {
                        case "isOpen" -> true;
                        case "sendText" -> Uni.createFrom().voidItem().invoke(() -> heard.add((String) arguments[0]));
                        case "close" ->
                            Uni.createFrom()
                                    .voidItem()
                                    .invoke(() -> heard.add("closed " + ((CloseReason) arguments[0]).getCode()));
                        default -> throw new UnsupportedOperationException(method.getName());
                    }));
        }

        String next() throws InterruptedException {
            return heard.poll(60, TimeUnit.SECONDS);
        }
    }
}
