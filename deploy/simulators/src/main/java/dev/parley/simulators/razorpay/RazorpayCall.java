package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/**
 * One API request: the ids in its path, its parameters from the query or the JSON body, and its key of idempotency, which
 * Razorpay takes for refunds only.
 */
record RazorpayCall(List<String> ids, JsonObject params, String refundKey) {

    String id() {
        return ids.getFirst();
    }

    /** Refuses parameters that the endpoint does not have, in Razorpay's words. */
    RazorpayCall only(Set<String> known) {
        for (String name : params.fieldNames()) {
            if (!known.contains(name)) {
                throw RazorpayProblem.badRequest(name + " is/are not required and should not be sent");
            }
        }
        return this;
    }

    boolean has(String name) {
        return params.getValue(name) != null;
    }

    /** A text, or null. */
    String text(String name) {
        Object value = params.getValue(name);
        if (value instanceof JsonObject || value instanceof JsonArray) {
            throw RazorpayProblem.badField(name, "The " + name + " must be a string.");
        }
        return value == null ? null : value.toString();
    }

    String requiredText(String name) {
        String value = text(name);
        if (value == null || value.isEmpty()) {
            throw RazorpayProblem.missing(name);
        }
        return value;
    }

    /** A whole number, also as text, or null. */
    Long number(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException notNumber) {
            throw RazorpayProblem.badField(name, "The " + name.replace('_', ' ') + " must be an integer.");
        }
    }

    long number(String name, long otherwise) {
        Long value = number(name);
        return value == null ? otherwise : value;
    }

    long requiredNumber(String name) {
        requiredText(name);
        return number(name);
    }

    /** True for true, 1 and their texts. */
    boolean flag(String name, boolean otherwise) {
        String value = text(name);
        return value == null ? otherwise : value.equals("true") || value.equals("1");
    }

    /** An object, empty when it is not there. */
    JsonObject object(String name) {
        Object value = params.getValue(name);
        if (value != null && !(value instanceof JsonObject) && !(value instanceof JsonArray none && none.isEmpty())) {
            throw RazorpayProblem.badField(name, "The " + name + " must be an object.");
        }
        return value instanceof JsonObject object ? object : new JsonObject();
    }

    /** Notes as Razorpay keeps them: at most 15, each a text of at most 256 characters; none are an empty list. */
    Object notes() {
        JsonObject notes = object("notes");
        if (notes.size() > 15) {
            throw RazorpayProblem.badField("notes", "The number of fields in notes should be less than or equal to 15");
        }
        for (String name : notes.fieldNames()) {
            if (String.valueOf(notes.getValue(name)).length() > 256) {
                throw RazorpayProblem.badField("notes", "notes values should be less than or equal to 256 characters");
            }
        }
        return notes.isEmpty() ? new JsonArray() : notes.copy();
    }
}
