package dev.parley.simulators.telegram;

import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Form;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** A call's parameters, from the query, a form or JSON alike. */
final class Arguments {

    private final JsonObject values;

    private Arguments(JsonObject values) {
        this.values = values;
    }

    static Arguments of(Exchange exchange) {
        try {
            JsonObject values = Form.parse(exchange.query());
            String type = exchange.header("content-type");
            if (exchange.body().length > 0) {
                if (type != null && type.startsWith("application/json")) {
                    values.mergeIn(new JsonObject(Buffer.buffer(exchange.body())));
                } else if (type != null && type.startsWith("multipart/")) {
                    throw TelegramProblem.bad("the simulator takes no files; send JSON or a form");
                } else {
                    values.mergeIn(Form.parse(exchange.bodyText()));
                }
            }
            return new Arguments(values);
        } catch (DecodeException | IllegalArgumentException broken) {
            throw TelegramProblem.bad("can't parse the request: " + broken.getMessage());
        }
    }

    /** The text of a value, empty when absent. */
    String text(String name) {
        Object value = values.getValue(name);
        return value == null ? "" : value.toString();
    }

    long number(String name, long otherwise) {
        String text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notNumber) {
            throw TelegramProblem.bad("parameter \"" + name + "\" must be a number");
        }
    }

    boolean flag(String name) {
        return text(name).equalsIgnoreCase("true") || text(name).equals("1");
    }

    /** An object, given as such or as JSON text; empty when absent. */
    JsonObject object(String name) {
        Object value = values.getValue(name);
        if (value instanceof JsonObject given) {
            return given;
        }
        try {
            return value == null || value.equals("") ? new JsonObject() : new JsonObject(value.toString());
        } catch (DecodeException broken) {
            throw TelegramProblem.bad("can't parse " + name);
        }
    }

    /** A list of texts, given as a list or as JSON text. */
    List<String> texts(String name) {
        return list(name).stream().map(String::valueOf).toList();
    }

    /** A list, given as such or as JSON text; empty when absent. */
    JsonArray list(String name) {
        Object value = values.getValue(name);
        try {
            return value instanceof JsonArray given
                    ? given
                    : value == null || value.equals("") ? new JsonArray() : new JsonArray(value.toString());
        } catch (DecodeException broken) {
            throw TelegramProblem.bad("can't parse " + name);
        }
    }

    /** Every argument as it was given. */
    Map<String, Object> all() {
        return values.getMap();
    }
}
