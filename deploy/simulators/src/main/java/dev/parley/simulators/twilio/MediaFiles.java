package dev.parley.simulators.twilio;

import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** What customers sent beside words; the last 100, until the process ends. */
final class MediaFiles {

    private static final byte[] PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static final int MOST = 100;

    private final Map<String, String> typeBySid = new LinkedHashMap<>();

    void add(String sid, String mimeType) {
        typeBySid.put(sid, mimeType);
        if (typeBySid.size() > MOST) {
            typeBySid.remove(typeBySid.keySet().iterator().next());
        }
    }

    /** The file's type, or null. */
    String type(String sid) {
        return typeBySid.get(sid);
    }

    /** Every file is a picture of one pixel, whatever its type says. */
    Buffer content() {
        return Buffer.buffer(PIXEL);
    }
}
