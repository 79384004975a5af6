package dev.parley.channel.media;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What bytes are, by their content: what a client or a vendor calls them is not to be trusted. */
enum MediaType {
    PNG("image/png", Kind.IMAGE),
    JPEG("image/jpeg", Kind.IMAGE),
    GIF("image/gif", Kind.IMAGE),
    WEBP("image/webp", Kind.IMAGE),
    OGG("audio/ogg", Kind.AUDIO),
    MP3("audio/mpeg", Kind.AUDIO),
    WAV("audio/wav", Kind.AUDIO),
    M4A("audio/mp4", Kind.AUDIO),
    AMR("audio/amr", Kind.AUDIO),
    MP4("video/mp4", Kind.VIDEO),
    WEBM("video/webm", Kind.VIDEO),
    PDF("application/pdf", Kind.DOCUMENT),
    ZIP("application/zip", Kind.DOCUMENT),
    TEXT("text/plain", Kind.TEXT);

    /** What sizes depend on. */
    enum Kind {
        IMAGE,
        AUDIO,
        VIDEO,
        DOCUMENT,
        TEXT
    }

    private final String name;
    private final Kind kind;

    MediaType(String name, Kind kind) {
        this.name = name;
        this.kind = kind;
    }

    /** The type as HTTP writes it. */
    String written() {
        return name;
    }

    Kind kind() {
        return kind;
    }

    /** The type of these bytes, or empty when it is none that we keep; markup that browsers run is none. */
    static Optional<MediaType> of(byte[] bytes) {
        MediaType found = byMark(bytes);
        return found != null ? Optional.of(found) : isPlainText(bytes) ? Optional.of(TEXT) : Optional.empty();
    }

    private static MediaType byMark(byte[] bytes) {
        if (has(bytes, 0, "\u0089PNG\r\n\u001a\n")) {
            return PNG;
        }
        if (has(bytes, 0, "\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (has(bytes, 0, "GIF87a") || has(bytes, 0, "GIF89a")) {
            return GIF;
        }
        if (has(bytes, 0, "RIFF")) {
            return has(bytes, 8, "WEBP") ? WEBP : has(bytes, 8, "WAVE") ? WAV : null;
        }
        if (has(bytes, 4, "ftyp")) {
            return has(bytes, 8, "M4A") ? M4A : MP4;
        }
        if (has(bytes, 0, "OggS")) {
            return OGG;
        }
        if (has(bytes, 0, "ID3")
                || has(bytes, 0, "\u00ff\u00fb")
                || has(bytes, 0, "\u00ff\u00f3")
                || has(bytes, 0, "\u00ff\u00f2")) {
            return MP3;
        }
        if (has(bytes, 0, "#!AMR")) {
            return AMR;
        }
        if (has(bytes, 0, "\u001aE\u00df\u00a3")) {
            return WEBM;
        }
        if (has(bytes, 0, "%PDF-")) {
            return PDF;
        }
        return has(bytes, 0, "PK\u0003\u0004") ? ZIP : null;
    }

    private static boolean has(byte[] bytes, int at, String mark) {
        if (bytes.length < at + mark.length()) {
            return false;
        }
        for (int i = 0; i < mark.length(); i++) {
            if ((bytes[at + i] & 0xff) != mark.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlainText(byte[] bytes) {
        if (bytes.length == 0) {
            return false;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t')
                    && !text.stripLeading().startsWith("<");
        } catch (CharacterCodingException binary) {
            return false;
        }
    }
}
