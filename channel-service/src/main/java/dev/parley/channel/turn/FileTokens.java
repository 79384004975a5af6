package dev.parley.channel.turn;

/**
 * How many tokens a model is expected to take for something attached, by its type and size. Agent-service counts files
 * the same way when it looks what fits: a page for each 50 KB of a document at 2,400 tokens, 32 tokens a second of a
 * recording at 2 KB of Opus or 8 KB of anything else. The providers' figures behind these are told there.
 */
public final class FileTokens {
    /** What a picture is taken for: its bytes say nothing about its price. */
    static final long PER_PICTURE = 1_000;

    private static final long PER_PAGE = 2_400;
    private static final int BYTES_PER_PAGE = 50_000;
    private static final long PER_SECOND = 32;
    private static final int BYTES_PER_SECOND = 8_000;
    private static final int BYTES_PER_SECOND_OF_OPUS = 2_000;
    private static final int CHARACTERS_PER_TOKEN = 3;

    private FileTokens() {}

    /** The tokens of something of that type and size. */
    public static long of(String mediaType, long bytes) {
        if (mediaType.startsWith("image/")) {
            return PER_PICTURE;
        }
        if (mediaType.startsWith("text/")) {
            return begun(bytes, CHARACTERS_PER_TOKEN);
        }
        if (!mediaType.startsWith("audio/")) {
            return PER_PAGE * begun(bytes, BYTES_PER_PAGE);
        }
        return PER_SECOND * begun(bytes, mediaType.equals("audio/ogg") ? BYTES_PER_SECOND_OF_OPUS : BYTES_PER_SECOND);
    }

    /** The tokens of a file by its data address. */
    static long of(String address) {
        int type = "data:".length();
        int end = address.indexOf(';');
        int data = address.indexOf(',') + 1;
        return address.startsWith("data:") && end > type && data > end
                ? of(address.substring(type, end), (address.length() - data) * 3L / 4)
                : PER_PICTURE;
    }

    private static long begun(long bytes, int perPiece) {
        return Math.ceilDiv(Math.max(1, bytes), perPiece);
    }
}
