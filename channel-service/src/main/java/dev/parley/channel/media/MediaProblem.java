package dev.parley.channel.media;

import dev.parley.platform.problem.ProblemType;

/** Problems of media. */
public enum MediaProblem implements ProblemType {
    /** The content is nothing that we keep. */
    MEDIA_TYPE_NOT_KEPT(415, "Nothing of this type is kept"),
    /** There is more of it than is kept of its type. */
    MEDIA_TOO_LARGE(413, "This is too large for its type"),
    /** The tenant keeps as much as it may. */
    MEDIA_STOCK_FULL(403, "Nothing more can be kept");

    private final int status;
    private final String title;

    MediaProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
