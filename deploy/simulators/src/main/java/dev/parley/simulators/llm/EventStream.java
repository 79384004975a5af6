package dev.parley.simulators.llm;

import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.List;

/** A server-sent event stream: all frames as one text with their ends, sent at once unless a fault paces or cuts it. */
final class EventStream {

    private static final CharSequence TYPE = HttpHeaders.createOptimized("text/event-stream; charset=utf-8");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");

    private final StringBuilder text = new StringBuilder(12_000);
    private int[] ends = new int[80];
    private int frames;
    private int firstToken;
    private int tokens;

    /** Where the next frame is written. */
    StringBuilder text() {
        return text;
    }

    void endFrame() {
        text.append("\n\n");
        if (frames == ends.length) {
            ends = Arrays.copyOf(ends, frames * 2);
        }
        ends[frames++] = text.length();
    }

    /** The frame that ends here carries a token. */
    void endToken() {
        if (tokens++ == 0) {
            firstToken = frames;
        }
        endFrame();
    }

    /** Sends the stream; {@code errorFrame} is what a cut with an error ends in. */
    void play(Exchange exchange, CharSequence idHeader, String id, String errorFrame) {
        HttpServerResponse response = exchange.begin(
                        200, List.of(HttpHeaders.CONTENT_TYPE, TYPE, HttpHeaders.CACHE_CONTROL, NO_CACHE, idHeader, id))
                .setChunked(true);
        Fault fault = exchange.fault();
        if (fault == null || (fault.cutAfterTokens() < 0 && fault.tokenDelayMillis() == 0 && !fault.isMalformed())) {
            response.end(Buffer.buffer(text.toString()));
            return;
        }
        response.closeHandler(closed -> {
            if (!response.ended()) {
                exchange.clientWentAway();
            }
        });
        int last = frames;
        if (fault.cutAfterTokens() >= 0) {
            last = firstToken + Math.min(fault.cutAfterTokens(), tokens);
        }
        int broken = fault.isMalformed() ? firstToken + tokens / 2 : -1;
        step(exchange, response, fault, 0, last, broken, errorFrame);
    }

    private void step(
            Exchange exchange,
            HttpServerResponse response,
            Fault fault,
            int from,
            int last,
            int broken,
            String errorFrame) {
        int frame = from;
        while (frame < last) {
            if (response.closed()) {
                return;
            }
            if (frame == broken) {
                response.write("data: {\"id\":\"chatcmpl-broken\",\"choices\":[{\n\n");
            }
            response.write(text.substring(frame == 0 ? 0 : ends[frame - 1], ends[frame]));
            frame++;
            if (fault.tokenDelayMillis() > 0 && frame > firstToken && frame < last) {
                int next = frame;
                exchange.after(
                        fault.tokenDelayMillis(),
                        () -> step(exchange, response, fault, next, last, broken, errorFrame));
                return;
            }
        }
        if (fault.cutAfterTokens() < 0 || fault.cut() == Fault.Cut.END) {
            response.end();
        } else if (fault.cut() == Fault.Cut.ERROR) {
            response.end(errorFrame);
        } else {
            response.write(": \n\n").onComplete(written -> exchange.hangUp());
        }
    }
}
