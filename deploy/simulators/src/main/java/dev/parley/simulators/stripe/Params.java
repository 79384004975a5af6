package dev.parley.simulators.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A request's parameters, or an object inside them; reads them as Stripe does and refuses what Stripe would. */
final class Params {

    private final String prefix;
    private final JsonObject values;

    Params(JsonObject values) {
        this("", values);
    }

    private Params(String prefix, JsonObject values) {
        this.prefix = prefix;
        this.values = values;
    }

    JsonObject values() {
        return values;
    }

    private String full(String name) {
        return prefix.isEmpty() ? name : prefix + "[" + name + "]";
    }

    Params only(Set<String> known) {
        for (String name : values.fieldNames()) {
            if (!known.contains(name) && !name.equals("expand")) {
                throw StripeProblem.invalid(
                        "parameter_unknown", full(name), "Received unknown parameter: " + full(name));
            }
        }
        return this;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The text, or null when it is absent or empty. */
    String text(String name) {
        Object value = values.getValue(name);
        if (value == null || value.equals("")) {
            return null;
        }
        if (value instanceof String text) {
            return text;
        }
        throw StripeProblem.invalid(null, full(name), "Invalid string: " + value);
    }

    String requiredText(String name) {
        String text = text(name);
        if (text == null) {
            throw StripeProblem.missing(full(name));
        }
        return text;
    }

    String choice(String name, String otherwise, String... allowed) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        if (!List.of(allowed).contains(text)) {
            throw StripeProblem.invalid(
                    null, full(name), "Invalid " + full(name) + ": must be one of " + String.join(", ", allowed));
        }
        return text;
    }

    Long number(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException notNumber) {
            throw StripeProblem.invalid("parameter_invalid_integer", full(name), "Invalid integer: " + text);
        }
    }

    long number(String name, long otherwise) {
        Long number = number(name);
        return number == null ? otherwise : number;
    }

    /** The price per unit in minor units, from {@code unit_amount} or {@code unit_amount_decimal}. */
    Long unitAmount() {
        Long amount = number("unit_amount");
        if (amount == null && text("unit_amount_decimal") != null) {
            amount = new BigDecimal(text("unit_amount_decimal"))
                    .setScale(0, RoundingMode.HALF_UP)
                    .longValueExact();
        }
        if (amount != null && amount < 0) {
            throw StripeProblem.invalid(
                    "parameter_invalid_integer", full("unit_amount"), "This value must be greater than or equal to 0.");
        }
        return amount;
    }

    boolean bool(String name, boolean otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw StripeProblem.invalid(null, full(name), "Invalid boolean: " + text);
        };
    }

    /** An http(s) address, or null. */
    String url(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            URI uri = URI.create(text.replace("{CHECKOUT_SESSION_ID}", "id"));
            if (uri.getHost() != null
                    && uri.getScheme() != null
                    && uri.getScheme().startsWith("http")) {
                return text;
            }
        } catch (IllegalArgumentException notUri) {
            throw StripeProblem.invalid("url_invalid", full(name), "Not a valid URL");
        }
        throw StripeProblem.invalid(
                "url_invalid", full(name), "Invalid URL: An explicit scheme (such as https) must be provided.");
    }

    /** An e-mail address, or null. */
    String email(String name) {
        String text = text(name);
        if (text != null && !text.matches("[^@\\s]+@[^@\\s]+")) {
            throw StripeProblem.invalid("email_invalid", full(name), "Invalid email address: " + text);
        }
        return text;
    }

    /** The object, or null. */
    Params object(String name) {
        Object value = values.getValue(name);
        if (value == null || value.equals("")) {
            return null;
        }
        if (value instanceof JsonObject object) {
            return new Params(full(name), object);
        }
        throw StripeProblem.invalid("parameter_invalid_empty", full(name), "Invalid object");
    }

    List<Params> list(String name) {
        List<Params> list = new ArrayList<>();
        if (values.getValue(name) instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                if (!(array.getValue(i) instanceof JsonObject object)) {
                    throw StripeProblem.invalid(null, full(name) + "[" + i + "]", "Invalid object");
                }
                list.add(new Params(full(name) + "[" + i + "]", object));
            }
        }
        return list;
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        if (values.getValue(name) instanceof JsonArray array) {
            array.forEach(value -> texts.add(String.valueOf(value)));
        } else if (values.getValue(name) instanceof String text) {
            texts.add(text);
        }
        return texts;
    }

    /** The metadata before with this request's changes: an empty value removes a key. */
    JsonObject metadata(JsonObject before) {
        JsonObject merged = before.copy();
        Params changes = object("metadata");
        if (has("metadata") && changes == null) {
            return new JsonObject();
        }
        if (changes != null) {
            for (String key : changes.values().fieldNames()) {
                String value = changes.text(key);
                if (value == null) {
                    merged.remove(key);
                } else {
                    merged.put(key, value);
                }
            }
        }
        return merged;
    }
}
