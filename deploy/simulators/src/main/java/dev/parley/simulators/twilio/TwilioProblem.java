package dev.parley.simulators.twilio;

import dev.parley.simulators.exchange.Reply;
import io.vertx.core.json.JsonObject;

/** A call that Twilio refuses. */
final class TwilioProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final int code;

    TwilioProblem(int status, int code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static TwilioProblem notFound(String path) {
        return new TwilioProblem(404, 20404, "The requested resource " + path + " was not found");
    }

    Reply reply() {
        return reply(status, code, getMessage());
    }

    static Reply reply(int status, int code, String message) {
        return Reply.json(
                status,
                new JsonObject()
                        .put("code", code)
                        .put("message", message)
                        .put("more_info", "https://www.twilio.com/docs/errors/" + code)
                        .put("status", status));
    }
}
