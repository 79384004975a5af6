package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonObject;

/** A request Razorpay refuses, with its error object. */
final class RazorpayProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final String field;
    private final String reason;

    private RazorpayProblem(int status, String code, String field, String reason, String description) {
        super(description, null, false, false);
        this.status = status;
        this.code = code;
        this.field = field;
        this.reason = reason;
    }

    static RazorpayProblem badRequest(String description) {
        return new RazorpayProblem(400, "BAD_REQUEST_ERROR", null, "input_validation_failed", description);
    }

    static RazorpayProblem badField(String field, String description) {
        return new RazorpayProblem(400, "BAD_REQUEST_ERROR", field, "input_validation_failed", description);
    }

    static RazorpayProblem missing(String field) {
        return badField(field, "The " + field.replace('_', ' ') + " field is required.");
    }

    /** Razorpay answers 400, not 404, for an id that it does not know. */
    static RazorpayProblem noSuchId() {
        return badRequest("The id provided does not exist");
    }

    static RazorpayProblem unauthorized(String description) {
        return new RazorpayProblem(401, "BAD_REQUEST_ERROR", null, "NA", description);
    }

    static RazorpayProblem conflict(String description) {
        return new RazorpayProblem(409, "BAD_REQUEST_ERROR", null, "NA", description);
    }

    static RazorpayProblem declined(String description) {
        return new RazorpayProblem(400, "BAD_REQUEST_ERROR", null, "payment_failed", description);
    }

    int status() {
        return status;
    }

    JsonObject toJson() {
        return error(code, getMessage(), field, reason);
    }

    static JsonObject error(String code, String description, String field, String reason) {
        JsonObject error = new JsonObject()
                .put("code", code)
                .put("description", description)
                .put("source", "NA")
                .put("step", "NA")
                .put("reason", reason)
                .put("metadata", new JsonObject());
        if (field != null) {
            error.put("field", field).put("source", "business").put("step", "payment_initiation");
        }
        return new JsonObject().put("error", error);
    }
}
