package dev.parley.simulators.fcm;

import dev.parley.simulators.exchange.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A call that Firebase refuses, in the error form of Google's APIs. */
final class FcmProblem extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final String TYPES = "type.googleapis.com/";

    private final transient Reply reply;

    private FcmProblem(Reply reply) {
        super("refused", null, false, false);
        this.reply = reply;
    }

    /** An error with Firebase's own code. */
    static FcmProblem of(int status, String google, String code, String message) {
        return new FcmProblem(reply(status, google, code, message));
    }

    /** An argument that is none; the field is named. */
    static FcmProblem argument(String field, String message) {
        JsonObject violation = new JsonObject()
                .put("@type", TYPES + "google.rpc.BadRequest")
                .put(
                        "fieldViolations",
                        new JsonArray().add(new JsonObject().put("field", field).put("description", message)));
        return new FcmProblem(reply(400, "INVALID_ARGUMENT", message, detail("INVALID_ARGUMENT"), violation));
    }

    Reply reply() {
        return reply;
    }

    static Reply reply(int status, String google, String code, String message) {
        return code == null ? reply(status, google, message) : reply(status, google, message, detail(code));
    }

    private static JsonObject detail(String code) {
        return new JsonObject()
                .put("@type", TYPES + "google.firebase.fcm.v1.FcmError")
                .put("errorCode", code);
    }

    private static Reply reply(int status, String google, String message, JsonObject... details) {
        JsonObject error =
                new JsonObject().put("code", status).put("message", message).put("status", google);
        if (details.length > 0) {
            error.put("details", new JsonArray(java.util.List.of(details)));
        }
        return Reply.json(status, new JsonObject().put("error", error));
    }
}
