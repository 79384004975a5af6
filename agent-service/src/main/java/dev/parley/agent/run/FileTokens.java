package dev.parley.agent.run;

/**
 * How many tokens a file is taken for by its type and size, since nobody opens it before the model does. Channel-service
 * estimates the same for the hold.
 *
 * <p>Of a document by its pages. Anthropic says 1,500 to 3,000 tokens a page, and about 7,000 for three
 * (platform.claude.com, "PDF support"); Gemini takes 258 a page and more where pages are fine
 * (ai.google.dev, "Document understanding"). A page is taken for 50 KB, as in what both accept at most: 32 MB or 600
 * pages, 50 MB or 1,000 pages.
 *
 * <p>Of a recording by its seconds. Gemini takes 32 tokens a second (ai.google.dev, "Understand and count tokens"),
 * OpenAI 10 (developers.openai.com, "Managing costs" of the Realtime API). A second of Opus, which messengers record,
 * is 2 KB (RFC 6716, 2.1.1: 16 to 20 kbit/s for wideband speech), one of anything else 8 KB (64 kbit/s, as a telephone
 * by G.711).
 */
final class FileTokens {
    private static final int PER_PAGE = 2_400;
    private static final int BYTES_PER_PAGE = 50_000;
    private static final int PER_SECOND = 32;
    private static final int BYTES_PER_SECOND = 8_000;
    private static final int BYTES_PER_SECOND_OF_OPUS = 2_000;

    private FileTokens() {}

    /**
     * The tokens of a file.
     *
     * @param base64 its length in base64
     */
    static int of(String mediaType, int base64) {
        long bytes = base64 * 3L / 4;
        if (!mediaType.startsWith("audio/")) {
            return PER_PAGE * begun(bytes, BYTES_PER_PAGE);
        }
        return PER_SECOND * begun(bytes, mediaType.equals("audio/ogg") ? BYTES_PER_SECOND_OF_OPUS : BYTES_PER_SECOND);
    }

    private static int begun(long bytes, int perPiece) {
        return (int) Math.ceilDiv(Math.max(1, bytes), perPiece);
    }
}
