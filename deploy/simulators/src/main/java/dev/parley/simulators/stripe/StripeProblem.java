package dev.parley.simulators.stripe;

import io.vertx.core.json.JsonObject;

/** A request Stripe refuses, with its error object. */
final class StripeProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;
    private final String code;
    private final String param;
    private final String declineCode;

    StripeProblem(int status, String type, String code, String param, String declineCode, String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
        this.declineCode = declineCode;
    }

    static StripeProblem invalid(String code, String param, String message) {
        return new StripeProblem(400, "invalid_request_error", code, param, null, message);
    }

    static StripeProblem missing(String param) {
        return invalid("parameter_missing", param, "Missing required param: " + param + ".");
    }

    static StripeProblem noSuch(String object, String id, String param) {
        return new StripeProblem(
                404, "invalid_request_error", "resource_missing", param, null, "No such " + object + ": '" + id + "'");
    }

    static StripeProblem unauthorized(String message) {
        return new StripeProblem(401, "invalid_request_error", null, null, null, message);
    }

    int status() {
        return status;
    }

    JsonObject toJson() {
        JsonObject error = new JsonObject();
        if (code != null) {
            error.put("code", code).put("doc_url", "https://stripe.com/docs/error-codes/" + code.replace('_', '-'));
        }
        if (declineCode != null) {
            error.put("decline_code", declineCode);
        }
        error.put("message", getMessage());
        if (param != null) {
            error.put("param", param);
        }
        return new JsonObject().put("error", error.put("type", type));
    }
}
