package dev.parley.channel.media;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What bytes are, by their content: what a client or a vendor calls them is not to be trusted. */
enum MediaType {
    PNG("image/png", Kind.IMAGE),
    JPEG("image/jpeg", Kind.IMAGE),
    GIF("image/gif", Kind.IMAGE),
    WEBP("image/webp", Kind.IMAGE),
    HEIC("image/heic", Kind.IMAGE),
    AVIF("image/avif", Kind.IMAGE),
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

    /** How many of the first bytes a mark needs. */
    static final int HEAD = 32;

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

    /** The types of pictures that models can look at. */
    static List<String> shown() {
        return Stream.of(PNG, JPEG, GIF, WEBP).map(MediaType::written).toList();
    }

    /** The types of files that some models can read, or listen to. */
    static List<String> read() {
        return Stream.of(PDF, OGG, MP3, WAV, M4A).map(MediaType::written).toList();
    }

    /** The type of these bytes, or empty when it is none that we keep; markup that browsers run is none. */
    static Optional<MediaType> of(byte[] bytes) {
        Optional<MediaType> found = ofHead(bytes);
        return found.isEmpty() && isPlainText(bytes) ? Optional.of(TEXT) : found;
    }

    /** The type that the first bytes tell; empty when it can be text or nothing only. */
    static Optional<MediaType> ofHead(byte[] head) {
        return Optional.ofNullable(byMark(head));
    }

    private static @Nullable MediaType byMark(byte[] bytes) {
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
            return byBrand(bytes);
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

    /** Of containers of one form: what phones make pictures, recordings and videos in. */
    private static MediaType byBrand(byte[] bytes) {
        if (has(bytes, 8, "M4A")) {
            return M4A;
        }
        if (has(bytes, 8, "avif") || has(bytes, 8, "avis")) {
            return AVIF;
        }
        if (has(bytes, 8, "hei") || has(bytes, 8, "hev")) {
            return HEIC;
        }
        if (has(bytes, 8, "mif1") || has(bytes, 8, "msf1")) {
            return has(bytes, 16, "avif") || has(bytes, 20, "avif") ? AVIF : HEIC;
        }
        return MP4;
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
