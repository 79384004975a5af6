package dev.parley.simulators.whatsapp;

import dev.parley.simulators.exchange.StateFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** All business numbers by id. A number exists from the first mention of its id. */
final class Numbers {

    private final Map<String, PhoneNumber> byId = new LinkedHashMap<>();
    private final StateFile state;

    Numbers(StateFile state) {
        this.state = state;
        JsonObject saved = state.attach("whatsapp", this::toJson);
        saved.getJsonArray("numbers", new JsonArray())
                .forEach(number ->
                        byId.put(((JsonObject) number).getString("id"), PhoneNumber.fromJson((JsonObject) number)));
    }

    private Buffer toJson() {
        JsonArray numbers = new JsonArray();
        byId.values().forEach(number -> numbers.add(number.toJson()));
        return new JsonObject().put("numbers", numbers).toBuffer();
    }

    /** Whether a text has the form of a number's id. */
    static boolean isId(String text) {
        return text.matches("[1-9]\\d{8,19}");
    }

    /**
     * The number of that id.
     *
     * @throws IllegalArgumentException when it has not the form of an id
     */
    PhoneNumber get(String id) {
        if (!isId(id)) {
            throw new IllegalArgumentException("a phone number id is 9 to 20 digits");
        }
        return byId.computeIfAbsent(id, PhoneNumber::new);
    }

    void changed() {
        state.changed();
    }
}
