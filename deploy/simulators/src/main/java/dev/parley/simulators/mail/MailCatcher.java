package dev.parley.simulators.mail;

import dev.parley.simulators.exchange.Counters;
import dev.parley.simulators.exchange.Endpoint;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/** An SMTP server that takes every mail and delivers none. The last 1,000 can be read, until the process ends. */
public final class MailCatcher implements AutoCloseable {

    private static final int KEPT = 1_000;
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_CONNECTIONS = 16;
    private static final long FILE_WITHIN_SECONDS = 5;
    private static final int NOT_ACCEPTED = 554;

    private final Context eventLoop;
    private final Clock clock;
    private final Counters counters;
    private final SMTPServer server;
    private final Deque<Mail> mails = new ArrayDeque<>();
    private long lastId;

    private MailCatcher(Vertx vertx, Clock clock, Counters counters, String host, int port) {
        this.eventLoop = vertx.getOrCreateContext();
        this.clock = clock;
        this.counters = counters;
        this.server = SMTPServer.port(port)
                .bindAddress(loopback(host))
                .hostName("localhost")
                .softwareName("parley mail catcher")
                .maxMessageSize(MOST_BYTES)
                .maxConnections(MOST_CONNECTIONS)
                .messageHandler((context, from, to, data) -> file(from, to, data))
                .build();
    }

    /**
     * Starts to take mail and returns when the port is bound.
     *
     * @throws IllegalStateException when the port is taken
     */
    public static MailCatcher start(Vertx vertx, Clock clock, Counters counters, String host, int port) {
        MailCatcher catcher = new MailCatcher(vertx, clock, counters, host, port);
        try {
            catcher.server.start();
        } catch (RuntimeException taken) {
            throw new IllegalStateException(
                    "The mail catcher cannot listen on " + host + ":" + port
                            + ", set PARLEY_SIMULATORS_SMTP_PORT to a free port",
                    taken);
        }
        return catcher;
    }

    private static InetAddress loopback(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (IOException none) {
            throw new IllegalStateException("There is no " + host, none);
        }
    }

    /** The inbox, for people and tests. */
    public Endpoint inbox() {
        return new MailEndpoint(this);
    }

    /** The port it listens on. */
    public int port() {
        return server.getPortAllocated();
    }

    /** Runs on a thread of the connection; the mails themselves live on the event loop, without locks. */
    private void file(String from, String to, byte[] data) throws RejectException {
        CompletableFuture<Void> filed = new CompletableFuture<>();
        eventLoop.runOnContext(now -> {
            try {
                mails.addFirst(Mail.parse(++lastId, from == null ? "" : from, to, data, clock.instant()));
                if (mails.size() > KEPT) {
                    mails.removeLast();
                }
                counters.add("mail.received", 1);
                filed.complete(null);
            } catch (RuntimeException unreadable) {
                filed.completeExceptionally(unreadable);
            }
        });
        try {
            filed.orTimeout(FILE_WITHIN_SECONDS, TimeUnit.SECONDS).join();
        } catch (RuntimeException failed) {
            throw new RejectException(NOT_ACCEPTED, failed.getMessage());
        }
    }

    /** The mails, newest first; only those to an address when it is not null. */
    List<Mail> mails(String to) {
        return mails.stream().filter(mail -> to == null || mail.isTo(to)).toList();
    }

    Mail find(String id) {
        return mails.stream()
                .filter(mail -> Long.toString(mail.id()).equals(id))
                .findFirst()
                .orElse(null);
    }

    /** Forgets all mails, or those to an address when it is not null. */
    void clear(String to) {
        new ArrayList<>(mails(to)).forEach(mails::remove);
    }

    /** Stops taking mail. */
    @Override
    public void close() {
        server.stop();
    }
}
