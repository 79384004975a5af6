package dev.parley.simulators.whatsapp;

import dev.parley.simulators.exchange.Reply;
import io.vertx.core.json.JsonObject;

/** A call the Graph API refuses. */
final class WhatsAppProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final int code;
    private final String details;

    WhatsAppProblem(int status, int code, String message, String details) {
        super("(#" + code + ") " + message, null, false, false);
        this.status = status;
        this.code = code;
        this.details = details;
    }

    static WhatsAppProblem parameter(String details) {
        return new WhatsAppProblem(400, 100, "Invalid parameter", details);
    }

    /** More than a day since the customer wrote. */
    static WhatsAppProblem tooLate() {
        return new WhatsAppProblem(
                400,
                131047,
                "Re-engagement message",
                "Message failed to send because more than 24 hours have passed since the customer last replied to this"
                        + " number.");
    }

    /** An error as webhooks carry it. */
    JsonObject inWebhook() {
        return new JsonObject()
                .put("code", code)
                .put("title", getMessage().substring(getMessage().indexOf(' ') + 1))
                .put("message", getMessage().substring(getMessage().indexOf(' ') + 1))
                .put("error_data", new JsonObject().put("details", details));
    }

    Reply reply() {
        return reply(status, code, getMessage(), details);
    }

    static Reply reply(int status, int code, String message, String details) {
        JsonObject error = new JsonObject()
                .put("message", message)
                .put("type", "OAuthException")
                .put("code", code);
        if (details != null) {
            error.put(
                    "error_data",
                    new JsonObject().put("messaging_product", "whatsapp").put("details", details));
        }
        return Reply.json(status, new JsonObject().put("error", error.put("fbtrace_id", "AParleyLocalTrace")));
    }
}
