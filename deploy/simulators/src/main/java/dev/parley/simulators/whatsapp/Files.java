package dev.parley.simulators.whatsapp;

import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** What customers sent and numbers can fetch; the last 100, until the process ends. */
final class Files {

    /** A picture of one pixel. */
    private static final byte[] PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static final int MOST = 100;

    private final Map<String, File> byId = new LinkedHashMap<>();
    private long lastId = 900_000_000_000_000L;

    /** One file. */
    record File(String id, String mimeType, Buffer content) {}

    /** Keeps a file and gives it an id; without content it is a picture of one pixel. */
    File add(String mimeType, String base64) {
        File file = new File(
                Long.toString(++lastId),
                mimeType,
                Buffer.buffer(base64 == null ? PIXEL : Base64.getDecoder().decode(base64)));
        byId.put(file.id(), file);
        if (byId.size() > MOST) {
            byId.remove(byId.keySet().iterator().next());
        }
        return file;
    }

    /** The file, or null. */
    File find(String id) {
        return byId.get(id);
    }
}
