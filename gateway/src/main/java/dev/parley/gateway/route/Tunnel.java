package dev.parley.gateway.route;

import dev.parley.gateway.session.Admission;
import dev.parley.gateway.session.CallerContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Clock;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * One WebSocket, passed through byte by byte on its event loop. It lasts as long as its caller's credential: when the
 * context ends the credential is exchanged again, and nothing passes to the client until the answer is there.
 */
final class Tunnel {
    /** The caller may not listen any more: revoked, or its token is over. */
    static final int NOT_ALLOWED = 1008;
    /** Nobody can say whether the caller may still listen. */
    static final int TRY_AGAIN = 1013;

    private static final long NO_TIMER = -1;

    private final NetSocket client;
    private final NetSocket service;
    private final Supplier<Future<Admission>> admission;
    private final Clock clock;
    private final Context loop = Vertx.currentContext();
    private final WebSocketFrames frames = new WebSocketFrames();
    private volatile CallerContext caller;
    private boolean confirming;
    /** The answer that is waited for may be older than what has raised the doubt. */
    private boolean doubted;

    private boolean over;
    private long timer = NO_TIMER;

    /**
     * Made on the event loop of both connections, of which the service's is paused.
     *
     * @param admission asks again who the caller is
     */
    Tunnel(
            NetSocket client,
            NetSocket service,
            CallerContext caller,
            Supplier<Future<Admission>> admission,
            Clock clock) {
        this.client = client;
        this.service = service;
        this.caller = caller;
        this.admission = admission;
        this.clock = clock;
    }

    CallerContext caller() {
        return caller;
    }

    /** Lets bytes pass once the caller is confirmed. */
    void join(Runnable onOver) {
        client.closeHandler(closed -> {
            over = true;
            loop.owner().cancelTimer(timer);
            onOver.run();
            service.close();
        });
        service.closeHandler(closed -> client.close());
        client.pipeTo(service);
        service.handler(this::passOn);
        client.drainHandler(drained -> takeMore());
        confirm();
    }

    /** Asks whether the caller may listen, also when that is being asked already, and closes unless it may. */
    void confirm() {
        loop.runOnContext(now -> {
            if (over) {
                return;
            }
            if (confirming) {
                doubted = true;
                return;
            }
            confirming = true;
            service.pause();
            ask();
        });
    }

    private void ask() {
        admission.get().onComplete(answer -> loop.runOnContext(back -> confirmed(answer.result())));
    }

    /** Tells the client why and closes both connections. */
    void close(int code, String reason) {
        loop.runOnContext(now -> {
            if (over) {
                return;
            }
            over = true;
            if (frames.complete()) {
                client.write(WebSocketFrames.close(code, reason));
            }
            service.close();
            client.close();
        });
    }

    private void confirmed(Admission answer) {
        if (doubted) {
            doubted = false;
            ask();
            return;
        }
        confirming = false;
        switch (answer) {
            case Admission.Granted(CallerContext context)
            when isSame(context) && lives(context) -> {
                caller = context;
                loop.owner().cancelTimer(timer);
                // At least one, because time goes on between two looks at the clock.
                long rest = Math.max(1, context.expiresAt() - clock.millis() + 1);
                timer = loop.owner().setTimer(rest, end -> confirm());
                takeMore();
            }
            case Admission.Unavailable unavailable -> close(TRY_AGAIN, "try again later");
            default -> close(NOT_ALLOWED, "no longer allowed");
        }
    }

    private boolean isSame(CallerContext context) {
        return Objects.equals(context.subject(), caller.subject())
                && Objects.equals(context.tenantId(), caller.tenantId());
    }

    private boolean lives(CallerContext context) {
        return context.expiresAt() > clock.millis();
    }

    private void passOn(Buffer bytes) {
        if (over) {
            return;
        }
        frames.pass(bytes);
        client.write(bytes);
        if (client.writeQueueFull()) {
            service.pause();
        }
    }

    private void takeMore() {
        if (!over && !confirming && !client.writeQueueFull()) {
            service.resume();
        }
    }
}
