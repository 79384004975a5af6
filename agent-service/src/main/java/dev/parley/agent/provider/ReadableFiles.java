package dev.parley.agent.provider;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types of files that can be sent to models at all. */
public final class ReadableFiles {
    /** A document that every provider takes as it is. */
    public static final String PDF = "application/pdf";

    private static final String RECORDINGS = "mpeg|wav|ogg|mp4";

    /** What a declaration may name. */
    static final String FORM = PDF + "|audio/(" + RECORDINGS + ")";

    /** All of them. */
    public static final Set<String> ALL = Stream.concat(
                    Stream.of(PDF), Stream.of(RECORDINGS.split("\\|")).map("audio/"::concat))
            .collect(Collectors.toUnmodifiableSet());

    private ReadableFiles() {}

    /** Whether a file of that type can be sent to a model. */
    public static boolean are(String mediaType) {
        return ALL.contains(mediaType);
    }
}
