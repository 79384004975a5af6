package dev.parley.auth.export;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with exports. */
public enum ExportProblem implements ProblemType {
    /** One export at a time. */
    EXPORT_RUNNING(409, "An export is being made already"),
    /** It is not complete, or it failed. */
    EXPORT_NOT_READY(409, "The export is not ready"),
    /** Its files are deleted. */
    EXPORT_EXPIRED(410, "The export has expired");

    private final int status;
    private final String title;

    ExportProblem(int status, String title) {
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
