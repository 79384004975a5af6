package dev.parley.simulators.exchange;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads form-encoded text, where {@code a[b][0][c]=v} builds objects and lists. All values are texts. */
public final class Form {

    private Form() {}

    /**
     * Reads a body or query.
     *
     * @throws IllegalArgumentException when the encoding is broken
     */
    public static JsonObject parse(String text) {
        Map<String, Object> root = new LinkedHashMap<>();
        if (text != null && !text.isEmpty()) {
            for (String pair : text.split("&")) {
                if (pair.isEmpty()) {
                    continue;
                }
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                put(root, segments(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        JsonObject object = new JsonObject();
        root.forEach((name, value) -> object.put(name, json(value)));
        return object;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static List<String> segments(String name) {
        List<String> segments = new ArrayList<>();
        int open = name.indexOf('[');
        segments.add(open <= 0 ? name : name.substring(0, open));
        while (open > 0) {
            int close = name.indexOf(']', open);
            if (close < 0) {
                throw new IllegalArgumentException("unbalanced brackets in " + name);
            }
            segments.add(name.substring(open + 1, close));
            open = name.indexOf('[', close);
        }
        return segments;
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> root, List<String> segments, String value) {
        Map<String, Object> node = root;
        for (int i = 0; i < segments.size() - 1; i++) {
            Object child =
                    node.computeIfAbsent(key(node, segments.get(i)), name -> new LinkedHashMap<String, Object>());
            if (!(child instanceof Map)) {
                throw new IllegalArgumentException(segments.get(i) + " is both a value and an object");
            }
            node = (Map<String, Object>) child;
        }
        node.put(key(node, segments.getLast()), value);
    }

    private static String key(Map<String, Object> node, String segment) {
        return segment.isEmpty() ? Integer.toString(node.size()) : segment;
    }

    private static Object json(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        if (map.keySet().stream().allMatch(key -> ((String) key).matches("\\d{1,4}"))) {
            JsonArray array = new JsonArray();
            map.values().forEach(item -> array.add(json(item)));
            return array;
        }
        JsonObject object = new JsonObject();
        map.forEach((key, item) -> object.put((String) key, json(item)));
        return object;
    }
}
