package dev.parley.agent.provider;

import java.util.Set;

/** The types of files that can be sent to models at all. */
public final class ReadableFiles {
    /** A document that every provider takes as it is. */
    public static final String PDF = "application/pdf";

    /** What a declaration may name. */
    static final String FORM = "application/pdf|audio/(mpeg|wav|ogg|mp4)";

    private static final Set<String> ALL = Set.of(PDF, "audio/mpeg", "audio/wav", "audio/ogg", "audio/mp4");

    private ReadableFiles() {}

    /** Whether a file of that type can be sent to a model. */
    public static boolean are(String mediaType) {
        return ALL.contains(mediaType);
    }
}
