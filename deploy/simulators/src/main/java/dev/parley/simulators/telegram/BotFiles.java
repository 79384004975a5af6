package dev.parley.simulators.telegram;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What customers sent to bots; the last 100, until the process ends. */
final class BotFiles {

    private static final Set<String> KINDS = Set.of("photo", "voice", "audio", "video", "document", "sticker");
    private static final byte[] PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private static final int MOST = 100;

    private final Map<String, Buffer> byId = new LinkedHashMap<>();
    private int lastId;

    /** Keeps a file and describes it as a message does; without content it is a picture of one pixel. */
    Object add(String kind, JsonObject wish) {
        if (!KINDS.contains(kind)) {
            throw new IllegalArgumentException("file must be one of " + KINDS);
        }
        String content = wish.getString("content");
        Buffer bytes =
                Buffer.buffer(content == null ? PIXEL : Base64.getDecoder().decode(content));
        String id = "file" + ++lastId;
        byId.put(id, bytes);
        if (byId.size() > MOST) {
            byId.remove(byId.keySet().iterator().next());
        }
        JsonObject file = new JsonObject()
                .put("file_id", id)
                .put("file_unique_id", "u" + id)
                .put("file_size", bytes.length());
        for (String name : Set.of("mime_type", "file_name")) {
            if (wish.containsKey(name)) {
                file.put(name, wish.getString(name));
            }
        }
        if (!kind.equals("photo")) {
            return file;
        }
        JsonObject small = file.copy().put("file_id", id + "s").put("width", 1).put("height", 1);
        return new JsonArray().add(small).add(file.put("width", 1).put("height", 1));
    }

    /** The file's bytes, or null. */
    Buffer find(String id) {
        return byId.get(id);
    }
}
